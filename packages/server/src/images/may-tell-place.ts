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

const longestMark = Math.max(...marks.map(({ length }) => length));

/** Whether it is worth a reader's time to look for a place in a picture. No byte of it is interpreted here. */
export function mayTellPlace(bytes: Uint8Array): boolean {
  const scan = new PlaceScan();
  scan.add(bytes);
  return scan.mayTell;
}

/** The same of bytes that come one after the other. */
export class PlaceScan {
  mayTell = false;
  #before = Buffer.alloc(0);
  #passedBytes = 0;

  add(chunk: Uint8Array): void {
    if (!this.mayTell) this.mayTell = this.#isMarked(chunk);
    this.#passedBytes += chunk.byteLength;
    // A mark may lie across two of them.
    this.#before = Buffer.concat([this.#before, chunk.subarray(-longestMark)]).subarray(
      -longestMark,
    );
  }

  #isMarked(chunk: Uint8Array): boolean {
    const { buffer, byteOffset, byteLength } = chunk;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    const border = Buffer.concat([this.#before, bytes.subarray(0, longestMark)]);
    const borderAt = this.#passedBytes - this.#before.length;
    return isMarked(border, borderAt) || isMarked(bytes, this.#passedBytes);
  }
}

/** @param at where these bytes begin in the whole */
function isMarked(bytes: Buffer, at: number): boolean {
  const behind = Math.max(0, behindHead - at);
  return marks.some((mark) => bytes.includes(mark)) || bytes.includes("ftyp", behind);
}
