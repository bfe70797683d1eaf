import { supportedMimeTypes } from "file-type";

/** What bytes are called when nothing more is known of them. */
export const unknownType = "application/octet-stream";

/** Other names of the same type, as browsers and systems write them. */
const aliases: Record<string, string> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/tif": "image/tiff",
  "image/x-ms-bmp": "image/bmp",
  "image/x-bmp": "image/bmp",
  "image/vnd.microsoft.icon": "image/x-icon",
  "image/x-png": "image/png",
  "audio/mp3": "audio/mpeg",
  "audio/x-mp3": "audio/mpeg",
  "audio/m4a": "audio/x-m4a",
  "audio/wave": "audio/wav",
  "audio/x-wav": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "audio/x-flac": "audio/flac",
  "audio/x-aac": "audio/aac",
  "audio/aacp": "audio/aac",
  "audio/x-aiff": "audio/aiff",
  "audio/mid": "audio/midi",
  "audio/x-midi": "audio/midi",
  "video/x-matroska": "video/matroska",
  "video/avi": "video/vnd.avi",
  "video/x-msvideo": "video/vnd.avi",
  "application/x-gzip": "application/gzip",
  "application/x-zip-compressed": "application/zip",
  "application/x-pdf": "application/pdf",
  "application/vnd.rar": "application/x-rar-compressed",
  "application/x-markdown": "text/markdown",
  "text/x-markdown": "text/markdown",
  "text/json": "application/json",
};

/** Lower case, without parameters, by the one name that the rest of the code knows. */
export function normalizeType(contentType: string): string {
  const essence = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  return aliases[essence] ?? essence;
}

/** Formats that a browser may run as a document or a script of ours. */
const activeTypes = new Set([
  "text/html",
  "application/xhtml+xml",
  "image/svg+xml",
  "text/xml",
  "application/xml",
  "text/xsl",
  "application/xslt+xml",
  "multipart/related",
  "message/rfc822",
  "text/javascript",
  "application/javascript",
  "application/x-javascript",
  "application/ecmascript",
  "text/ecmascript",
  "text/css",
  "application/wasm",
  "application/x-shockwave-flash",
  "text/cache-manifest",
]);

export function isActiveType(type: string): boolean {
  return activeTypes.has(type) || type.endsWith("+xml");
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
  "video/mp4",
  "video/webm",
  "video/quicktime",
  "text/plain",
]);

export function isInertType(type: string): boolean {
  return inertTypes.has(normalizeType(type));
}

/** Types that have no signature: a rule over all their bytes decides. */
const textTypes = new Set(["text/plain", "text/csv", "text/markdown", "application/json"]);

export function isTextType(type: string): boolean {
  return textTypes.has(type);
}

/** Containers that a signature does not tell apart: any of a family may stand for another. */
const families = [
  [
    "video/mp4",
    "audio/mp4",
    "audio/x-m4a",
    "video/x-m4v",
    "video/quicktime",
    "video/3gpp",
    "video/3gpp2",
  ],
  ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence", "image/avif"],
  ["video/matroska", "video/webm", "audio/webm", "audio/matroska"],
  ["video/ogg", "audio/ogg", "application/ogg", "audio/opus"],
  ["image/png", "image/apng"],
  [
    "audio/x-ms-asf",
    "video/x-ms-asf",
    "application/vnd.ms-asf",
    "video/x-ms-wmv",
    "audio/x-ms-wma",
  ],
  ["video/mpeg", "video/mp1s", "video/mp2p", "audio/mpeg"],
  ["application/rtf", "text/rtf"],
];

const familyOf = new Map(families.flatMap((family) => family.map((type) => [type, family])));

const signedTypes = new Set([...supportedMimeTypes].map(normalizeType));

/** Whether bytes of this type begin with a signature, so that a claim can be held against them. */
export function hasSignature(type: string): boolean {
  return signedTypes.has(type) || familyOf.has(type);
}

/** @returns whether bytes that look like `sniffed` may be called `declared` */
export function isCompatible(declared: string, sniffed: string): boolean {
  if (declared === sniffed || familyOf.get(declared)?.includes(sniffed)) return true;
  // Office documents and books are zip archives; the entry that tells which may come late.
  return sniffed === "application/zip" && isZipBased(declared);
}

function isZipBased(type: string): boolean {
  return /^application\/(vnd\.openxmlformats-|vnd\.oasis\.opendocument\.|epub\+zip|vnd\.ms-.*macroenabled)/.test(
    type,
  );
}
