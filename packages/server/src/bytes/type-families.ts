import { isTextType, normalizeType } from "./content-types";
import { signedTypes } from "./signed-types";

/** Formats of which any may be said to be another, since none can do harm by it: the bytes' own name counts. */
const families = [
  [
    "video/mp4",
    "audio/mp4",
    "audio/x-m4a",
    "video/x-m4v",
    "video/quicktime",
    "video/3gpp",
    "video/3gpp2",
    "audio/3gpp",
    "audio/3gpp2",
  ],
  ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence", "image/avif"],
  ["video/matroska", "video/webm", "audio/webm", "audio/matroska"],
  ["video/ogg", "audio/ogg", "application/ogg"],
  ["image/png", "image/apng"],
  [
    "audio/x-ms-asf",
    "video/x-ms-asf",
    "application/vnd.ms-asf",
    "video/x-ms-wmv",
    "audio/x-ms-wma",
  ],
  ["video/mpeg", "video/mp1s", "video/mp2p", "video/mp2t", "audio/mpeg"],
  ["image/jp2", "image/jpx", "image/jpm", "image/mj2"],
  ["font/otf", "font/ttf", "font/collection", "font/woff", "font/woff2"],
  // Illustrator's files are PDF under the name that browsers have for `.ai`.
  ["application/postscript", "application/eps", "image/x-eps", "application/pdf"],
  [
    "application/zip",
    "application/x-rar-compressed",
    "application/x-7z-compressed",
    "application/x-tar",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
    "application/zstd",
    "application/x-lz4",
    "application/x-lzip",
  ],
];

const signed = new Set([...signedTypes, "audio/x-caf"].map(normalizeType).concat(families.flat()));

/** Whether bytes of this type mostly begin with a signature, so that another one contradicts it. */
export function hasSignature(type: string): boolean {
  return signed.has(type);
}

/** Of these, bytes may come without, as a recording that was cut out of a stream, or one whose signature stands at the end. */
const unsureTypes = new Set([
  "audio/mpeg",
  "audio/midi",
  "audio/aac",
  "audio/vnd.dolby.dd-raw",
  "video/mpeg",
  "video/mp1s",
  "video/mp2p",
  "video/mp2t",
  "application/x-tar",
  "application/x-apple-diskimage",
  "application/x-compress",
  "application/x-cpio",
  "application/dicom",
  "application/pgp-encrypted",
  "application/vnd.ms-outlook",
  "application/vnd.visio",
  "application/x-mobipocket-ebook",
  "application/x-nintendo-nes-rom",
  "image/x-icon",
  "image/ktx",
  "model/stl",
]);

/** Whether bytes of this type always begin with a signature, so that having none contradicts it. */
export function hasSureSignature(type: string): boolean {
  return signed.has(type) && !unsureTypes.has(type);
}

const zipBased =
  /^application\/(vnd\.openxmlformats-|vnd\.oasis\.opendocument\.|epub\+zip|vnd\.ms-.*macroenabled|java-archive|vnd\.android\.package-archive|x-xpinstall|vnd\.visio)|^model\/3mf$|^image\/openraster$|\+zip$/;

/** What may stand in a container whose signature is all that the bytes tell. */
const containers: Record<string, (type: string) => boolean> = {
  "application/zip": (type) => zipBased.test(type) || isUnsigned(type, "application", "model"),
  // What Office wrote before 2007, and what it writes today behind a password.
  "application/x-cfb": (type) =>
    /^application\/(vnd\.openxmlformats-|vnd\.ms-|vnd\.visio)/.test(type) ||
    isUnsigned(type, "application", "image"),
  "application/gzip": (type) => isUnsigned(type, "application", "model"),
  "application/x-sqlite3": (type) => isUnsigned(type, "application"),
  "application/x-msdownload": (type) => isUnsigned(type, "application"),
  "application/pdf": (type) => type === "application/vnd.adobe.illustrator",
  "application/postscript": (type) => type === "application/vnd.adobe.illustrator",
  "application/rtf": (type) => type === "application/x-rtf",
  "image/tiff": (type) =>
    /^image\/x-(canon|sony|adobe|nikon|panasonic|olympus|fujifilm)/.test(type) ||
    isUnsigned(type, "image"),
  // Four bytes, three of them none, which a TGA may begin with, too.
  "image/x-icon": (type) => isUnsigned(type, "image"),
  "video/mp4": (type) => /^(audio\/(mp4|x-m4[abr]|3gpp2?)|video\/x-m4v)$/.test(type),
  "image/heif": (type) => /^image\/(hei[cf](-sequence)?|avif)$/.test(type),
  "image/heif-sequence": (type) => type === "image/heic-sequence",
  "video/matroska": (type) => type === "audio/matroska",
  "video/webm": (type) => type === "audio/webm",
  "application/ogg": (type) => /^(audio|video)\/ogg$/.test(type),
  "application/vnd.ms-asf": (type) => /^(audio|video)\/x-ms-/.test(type),
  "video/x-ms-asf": (type) => /^(audio|video)\/x-ms-w/.test(type),
  "audio/x-ms-asf": (type) => type === "audio/x-ms-wma",
  "video/mpeg": (type) => /^video\/mp([12][spt])$/.test(type),
  "video/mp2p": (type) => type === "video/mpeg",
};

/** A type of one of these kinds that no signature is known of: then a container's is all that there can be. */
function isUnsigned(type: string, ...kinds: string[]): boolean {
  return !signed.has(type) && !isTextType(type) && kinds.includes(type.split("/")[0] ?? "");
}

const officeDocuments =
  /^application\/(msword|vnd\.ms-(excel|powerpoint|word)|vnd\.openxmlformats-|vnd\.oasis\.opendocument\.|rtf$|x-cfb$)/;

/**
 * Of two names for the same bytes, the more precise one.
 * @param said by whoever sent them, or by the file's name
 * @param signature what they begin with
 * @returns null where they cannot both be true
 */
export function morePrecise(said: string, signature: string): string | null {
  if (said === signature || containers[signature]?.(said)) return said;
  if (containers[said]?.(signature)) return signature;
  const isOneFamily = families.some(
    (family) => family.includes(said) && family.includes(signature),
  );
  // Recorders, converters and people name sounds and films by what they were meant to be.
  if (isClip(said) && isClip(signature))
    return (said.startsWith("audio/") && soundsIn[signature]) || signature;
  const areOffice = officeDocuments.test(said) && officeDocuments.test(signature);
  return isOneFamily || areOffice ? signature : null;
}

/** What a sound in it is called. */
const soundsIn: Record<string, string> = {
  "video/mp4": "audio/mp4",
  "video/webm": "audio/webm",
  "video/matroska": "audio/matroska",
  "application/ogg": "audio/ogg",
};

function isClip(type: string): boolean {
  return (/^(audio|video)\//.test(type) && !isTextType(type)) || type === "application/ogg";
}

/** Whether bytes with this signature, or without any, may be of a type that has none. */
export function contradictsNothing(type: string, signature: string | null): boolean {
  return !signed.has(type) && (signature === null || morePrecise(type, signature) !== null);
}
