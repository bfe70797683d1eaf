/**
 * What metadata begin with, that may tell a place: EXIF as JPEG, PNG and WebP keep it and as TIFF is it, XMP, IPTC, PNG's
 * packed texts, and a film behind the picture.
 */
const marks = [
  "II*\0",
  "MM\0*",
  "<x:xmpmeta",
  "http://ns.adobe.com/xap/",
  "http://ns.adobe.com/xmp/extension/",
  "Photoshop 3.0",
  "zTXt",
  "iTXt",
  "Raw profile",
].map((mark) => Buffer.from(mark, "latin1"));
/** A container's own first box stands before this. */
const behindHead = 32;

/** Whether it is worth a reader's time to look for a place in a picture. No byte of it is interpreted here. */
export function mayTellPlace(bytes: Buffer): boolean {
  return marks.some((mark) => bytes.includes(mark)) || bytes.includes("ftyp", behindHead);
}
