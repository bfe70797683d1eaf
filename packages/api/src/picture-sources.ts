import { limits } from "@fermata/contract";
import type { FileMetadata, Media } from "./procedures";

/** What an `<img>`, with `<source>`s before it, needs to show a picture in the smallest copy that does. */
export interface PictureSources {
  /** For browsers that know none of the sources; null while there is nothing to show. */
  src: string | null;
  /** Of the `<img>` itself. */
  srcSet?: string;
  /** The best format first. */
  sources: readonly { type: string; srcSet: string }[];
  /** As displayed, in pixels; null until they are known. */
  width: number | null;
  height: number | null;
  thumbHash: string | null;
}

/** Best first. */
const copyTypes = ["image/avif", "image/webp"];
/** Wide enough for most places, where only one address can be given. */
const usualWidth = 1280;

/**
 * A photo, or the poster of a clip, by its copies.
 * @param url of the original, for photos that have no copies: what `storage.list` and `storage.getUrl` give
 */
export function mediaPicture(media: Media, url: string | null = media.publicUrl): PictureSources {
  const { variants = [], width = null, height = null, thumbHash = null } = media;
  const sources = copyTypes.flatMap((type) => {
    const copies = variants.filter(({ contentType }) => contentType === type);
    const srcSet = copies.map((copy) => `${copy.url} ${copy.width}w`).join(", ");
    return copies.length > 0 ? [{ type, srcSet }] : [];
  });
  const src = mediaPoster(media) ?? (shownByBrowsers.includes(media.contentType) ? url : null);
  return { src, sources, width, height, thumbHash };
}

/** One address for where there can be only one, such as a `<video poster>`: of a copy, if there is one. */
export function mediaPoster({ variants = [], posterUrl }: Media): string | null {
  const copies = variants
    .filter(({ contentType }) => contentType === "image/webp")
    .sort((a, b) => a.width - b.width);
  return (
    (copies.find(({ width }) => width >= usualWidth) ?? copies.at(-1))?.url ?? posterUrl ?? null
  );
}

/** A stored file by its copies, which the server makes when they are first asked for. */
export function filePicture(
  url: string | null,
  file: Pick<FileMetadata, "contentType" | "image"> | null,
): PictureSources {
  const { width = null, height = null, thumbHash = null } = file?.image ?? {};
  const plain = { src: url, sources: [], width, height, thumbHash };
  // What cannot be decoded has no copies.
  if (!url || !file || !width) return plain;
  const widths = limits.files.imageWidths.filter((copyWidth) => copyWidth < width);
  const copies = widths.map((copyWidth) => `${url}&w=${copyWidth} ${copyWidth}w`);
  if (shownByBrowsers.includes(file.contentType)) copies.push(`${url} ${width}w`);
  // Nothing is enlarged: a copy above the picture's own width is as wide as the picture.
  else copies.push(`${url}&w=${limits.files.imageWidths.at(-1)} ${width}w`);
  return { ...plain, srcSet: copies.join(", ") };
}

const shownByBrowsers = ["jpeg", "png", "webp", "gif", "avif", "svg+xml", "bmp"].map(
  (kind) => `image/${kind}`,
);
