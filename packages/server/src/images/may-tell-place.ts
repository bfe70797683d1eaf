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
/** A film's first box. A container's own stands before `behindHead`. */
const film = Buffer.from("ftyp", "latin1");
const behindHead = 32;

/** As long as the shortest of them. */
const headBytes = 4;
const heads = new Set([...marks, film].map((mark) => mark.readUInt32LE(0)));
/** At which places of a head a byte may stand: a bit for each. */
const places = new Uint8Array(256);
for (const mark of [...marks, film]) {
  for (const [at, byte] of mark.subarray(0, headBytes).entries())
    places[byte] = (places[byte] ?? 0) | (1 << at);
}

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

/**
 * Looks at every fourth byte, since each mark has one of them in its head: searching for one mark after the other took
 * longer than the MD5 of the same picture.
 * @param at where these bytes begin in the whole
 */
function isMarked(bytes: Buffer, at: number): boolean {
  const behind = Math.max(0, behindHead - at);
  for (let index = headBytes - 1; index < bytes.length; index += headBytes) {
    const here = places[bytes[index] as number] as number;
    if (here === 0) continue;
    // What stands at the end of a head has another byte before it, all others one behind them.
    const before = places[bytes[index - 1] as number] as number;
    const next = index + 1 < bytes.length ? (places[bytes[index + 1] as number] as number) : 0;
    if ((here & ((before << 1) | (next >> 1))) === 0) continue;
    for (let place = 0; place < headBytes; place++) {
      if ((here & (1 << place)) !== 0 && isMarkedAt(bytes, index - place, behind)) return true;
    }
  }
  return false;
}

function isMarkedAt(bytes: Buffer, from: number, behind: number): boolean {
  if (from + headBytes > bytes.length || !heads.has(bytes.readUInt32LE(from))) return false;
  const begins = (mark: Buffer) => bytes.subarray(from, from + mark.length).equals(mark);
  return marks.some(begins) || (from >= behind && begins(film));
}
