/** What bytes are called when nothing more is known of them. */
export const unknownType = "application/octet-stream";

/** What senders write when they know nothing: tools' defaults, and names for "just save it". */
const saysNothing = new Set([
  "",
  unknownType,
  "*/*",
  "binary/octet-stream",
  "application/binary",
  "application/unknown",
  "application/x-unknown",
  "application/x-binary",
  "application/download",
  "application/x-download",
  "application/force-download",
  "application/x-www-form-urlencoded",
]);

/** Other names of the same type, as browsers and systems write them. */
const aliases: Record<string, string> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/jfif": "image/jpeg",
  // Two or more JPEGs one behind the other; what shows a JPEG shows the first.
  "image/mpo": "image/jpeg",
  "image/x-mpo": "image/jpeg",
  "image/tif": "image/tiff",
  "image/x-tiff": "image/tiff",
  "image/x-ms-bmp": "image/bmp",
  "image/x-bmp": "image/bmp",
  "image/x-windows-bmp": "image/bmp",
  "image/vnd.microsoft.icon": "image/x-icon",
  "image/ico": "image/x-icon",
  "image/x-png": "image/png",
  "image/vnd.mozilla.apng": "image/apng",
  "image/x-photoshop": "image/vnd.adobe.photoshop",
  "image/x-psd": "image/vnd.adobe.photoshop",
  "application/x-photoshop": "image/vnd.adobe.photoshop",
  "audio/mp3": "audio/mpeg",
  "audio/x-mp3": "audio/mpeg",
  "audio/x-mpeg": "audio/mpeg",
  "audio/mpeg3": "audio/mpeg",
  "audio/x-mpeg-3": "audio/mpeg",
  "audio/mpg": "audio/mpeg",
  "audio/m4a": "audio/x-m4a",
  "audio/mp4a-latm": "audio/mp4",
  "audio/x-mp4": "audio/mp4",
  "audio/wave": "audio/wav",
  "audio/x-wav": "audio/wav",
  "audio/x-pn-wav": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "audio/x-flac": "audio/flac",
  "audio/x-aac": "audio/aac",
  "audio/aacp": "audio/aac",
  "audio/x-hx-aac-adts": "audio/aac",
  "audio/x-aiff": "audio/aiff",
  "audio/mid": "audio/midi",
  "audio/x-midi": "audio/midi",
  "audio/x-ogg": "audio/ogg",
  "audio/vorbis": "audio/ogg",
  "audio/opus": "audio/ogg",
  "audio/x-opus+ogg": "audio/ogg",
  "audio/x-vorbis+ogg": "audio/ogg",
  "audio/x-matroska": "audio/matroska",
  "video/x-matroska": "video/matroska",
  "video/avi": "video/vnd.avi",
  "video/msvideo": "video/vnd.avi",
  "video/x-msvideo": "video/vnd.avi",
  "video/x-mpeg": "video/mpeg",
  "video/mpg": "video/mpeg",
  "video/x-mp4": "video/mp4",
  "video/mp2ts": "video/mp2t",
  "video/vnd.dlna.mpeg-tts": "video/mp2t",
  "video/x-quicktime": "video/quicktime",
  "application/mp4": "video/mp4",
  "application/x-gzip": "application/gzip",
  "application/x-gunzip": "application/gzip",
  "application/x-zip": "application/zip",
  "application/x-zip-compressed": "application/zip",
  "application/zip-compressed": "application/zip",
  "multipart/x-zip": "application/zip",
  "application/vnd.rar": "application/x-rar-compressed",
  "application/x-rar": "application/x-rar-compressed",
  "application/rar": "application/x-rar-compressed",
  "application/x-7z": "application/x-7z-compressed",
  "application/tar": "application/x-tar",
  "application/x-gtar": "application/x-tar",
  "application/bzip2": "application/x-bzip2",
  "application/x-bzip": "application/x-bzip2",
  "application/xz": "application/x-xz",
  "application/x-pdf": "application/pdf",
  "application/acrobat": "application/pdf",
  "text/pdf": "application/pdf",
  "text/rtf": "application/rtf",
  "text/richtext": "application/rtf",
  "application/x-rtf": "application/rtf",
  "application/excel": "application/vnd.ms-excel",
  "application/x-excel": "application/vnd.ms-excel",
  "application/x-msexcel": "application/vnd.ms-excel",
  "application/x-dos_ms_excel": "application/vnd.ms-excel",
  "application/xls": "application/vnd.ms-excel",
  "application/doc": "application/msword",
  "application/x-msword": "application/msword",
  "application/vnd.ms-word": "application/msword",
  "application/vnd.msword": "application/msword",
  "application/mspowerpoint": "application/vnd.ms-powerpoint",
  "application/powerpoint": "application/vnd.ms-powerpoint",
  "application/x-mspowerpoint": "application/vnd.ms-powerpoint",
  "application/x-markdown": "text/markdown",
  "text/x-markdown": "text/markdown",
  "text/md": "text/markdown",
  "text/json": "application/json",
  "application/x-json": "application/json",
  "application/csv": "text/csv",
  "application/x-csv": "text/csv",
  "text/x-csv": "text/csv",
  "text/x-comma-separated-values": "text/csv",
  "text/comma-separated-values": "text/csv",
  "text/tsv": "text/tab-separated-values",
  "application/tab-separated-values": "text/tab-separated-values",
  "text/x-vcard": "text/vcard",
  "text/directory": "text/vcard",
  "text/x-vcalendar": "text/calendar",
  "application/yaml": "text/yaml",
  "application/x-yaml": "text/yaml",
  "text/x-yaml": "text/yaml",
  // A page with its pictures, as browsers save it: a mail by its form.
  "multipart/related": "message/rfc822",
  "application/x-mimearchive": "message/rfc822",
  "application/vnd.ms-pki.stl": "model/stl",
  "application/sla": "model/stl",
  "application/vnd.ms-opentype": "font/otf",
  "application/x-font-ttf": "font/ttf",
  "application/x-font-otf": "font/otf",
  "image/x-xpm": "image/x-xpixmap",
  "image/x-dxf": "image/vnd.dxf",
  "application/txt": "text/plain",
  "text/xml": "application/xml",
  "application/x-dosexec": "application/x-msdownload",
  "application/x-msdos-program": "application/x-msdownload",
  "application/x-ms-dos-executable": "application/x-msdownload",
  "application/vnd.microsoft.portable-executable": "application/x-msdownload",
};

/** Lower case, without parameters, by the one name that the rest of the code knows. */
export function normalizeType(contentType: string): string {
  const essence = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  return aliases[essence] ?? essence;
}

/** Type and subtype after RFC 6838. */
const wellFormed = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/;

/** The type that a sender claims, by its one name, or null where it claims none that means something. */
export function claimedTypeOf(contentType: string | null | undefined): string | null {
  const type = normalizeType(contentType ?? "");
  return saysNothing.has(type) || !wellFormed.test(type) ? null : type;
}

/** Formats that a browser runs as a page or a script, wherever they come from. */
const activeTypes = new Set([
  "text/html",
  "application/xhtml+xml",
  "image/svg+xml",
  "text/xsl",
  "application/xslt+xml",
  "text/css",
  "application/wasm",
  "application/x-shockwave-flash",
  "application/hta",
  "text/cache-manifest",
]);

/** Each of the many names under which browsers know a script (WHATWG MIME sniffing, 4.6). */
const scripts = /^(text|application)\/(x-)?(javascript[\d.]*|ecmascript|jscript|livescript)$/;

export function isActiveType(type: string): boolean {
  return activeTypes.has(type) || scripts.test(type) || type.startsWith("multipart/");
}

/** Shown in place; everything else is a download. */
const inertTypes = new Set([
  "image/png",
  "image/apng",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/avif",
  "audio/mpeg",
  "audio/mp4",
  "audio/wav",
  "audio/ogg",
  "audio/webm",
  "video/mp4",
  "video/webm",
  "video/quicktime",
  "text/plain",
]);

export function isInertType(type: string): boolean {
  return inertTypes.has(normalizeType(type));
}

/** Text under names that do not begin with `text/`. */
const otherTextTypes = new Set([
  "application/json",
  "application/x-ndjson",
  "application/jsonl",
  "application/json5",
  "application/xml",
  "application/toml",
  "application/sql",
  "application/x-sql",
  "application/x-subrip",
  "application/x-sh",
  "application/x-shellscript",
  "application/x-csh",
  "application/x-perl",
  "application/x-python",
  "application/x-python-code",
  "application/x-ruby",
  "application/x-php",
  "application/x-httpd-php",
  "application/x-tex",
  "application/x-latex",
  "application/x-bat",
  "application/x-powershell",
  "application/typescript",
  "application/graphql",
  "application/x-mpegurl",
  "application/vnd.apple.mpegurl",
  "audio/x-mpegurl",
  "audio/mpegurl",
  "audio/x-scpls",
  "application/pgp-keys",
  "message/rfc822",
]);

/** Types that have no signature, but that all their bytes are text. */
export function isTextType(type: string): boolean {
  return (
    (type.startsWith("text/") || otherTextTypes.has(type) || /\+(json|xml|yaml)$/.test(type)) &&
    !isActiveType(type)
  );
}
