import { plural } from "../../lib/format";
import { essenceOf } from "../../lib/shown-by-browsers";

/** Pages, styles and what else browsers run. The server keeps them as bytes without a name, and refuses them under their own. */
const activeTypes =
  /^(text\/(html|css|xsl|cache-manifest)|application\/(xhtml\+xml|xslt\+xml|wasm|x-shockwave-flash|hta)|image\/svg\+xml|multipart\/.+)$/;
const scripts = /^(text|application)\/(x-)?(javascript[\d.]*|ecmascript|jscript|livescript)$/;

/** Whether browsers would run a file of this type. */
export function isRunByBrowsers(contentType: string): boolean {
  const type = essenceOf(contentType);
  return activeTypes.test(type) || scripts.test(type);
}

/** The same bytes under the same name, called nothing: what becomes of them is a download. */
export function asDownload(file: Blob): File {
  const isFile = file instanceof File;
  return new File([file], isFile ? file.name : "untitled", {
    type: "application/octet-stream",
    ...(isFile && { lastModified: file.lastModified }),
  });
}

/** What browsers would run as a download, everything else as it is. */
export function keepable(file: File): File {
  return isRunByBrowsers(file.type) ? asDownload(file) : file;
}

/** What to say of the files that are kept otherwise than they came; null where there are none. */
export function tellDownloads(files: readonly File[]): string | null {
  const [first, ...others] = files.filter(({ type }) => isRunByBrowsers(type));
  if (!first) return null;
  return others.length === 0
    ? `${first.name} is kept as a download: browsers would run it.`
    : `${plural(others.length + 1, "file")} are kept as downloads: browsers would run them.`;
}
