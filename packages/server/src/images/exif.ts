/** The few things that are done to EXIF here: whether it says where, how the picture is turned, and how to say only that. */

const gpsPointer = 0x8825;
const orientationTag = 0x0112;
/** The version of the GPS block; it says nothing of a place. */
const gpsVersion = 0;
const entryBytes = 12;
/** More than any camera writes. A directory that claims more is none, and costs no time. */
const mostEntries = 512;
/** Structures that are looked at within one image: its own, its preview's, and those that chance makes. */
const mostTiffs = 100;
/** By EXIF's number of the type: one byte, text, 16 bits, 32 bits, a fraction, … */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

const littleEndianMark = Buffer.from("II*\0", "latin1");
const bigEndianMark = Buffer.from("MM\0*", "latin1");

interface Entry {
  tag: number;
  /** Where the entry stands, and where its value does. */
  at: number;
  valueAt: number;
  valueBytes: number;
}

/** A TIFF structure, as EXIF is one: offsets count from its first byte. */
class Tiff {
  constructor(readonly bytes: Buffer) {}

  get #isLittle() {
    return this.bytes.subarray(0, 4).equals(littleEndianMark);
  }

  uint16(at: number): number {
    return this.#isLittle ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  uint32(at: number): number {
    return this.#isLittle ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /** The entries of the directory at an offset. @throws RangeError where it runs past the end, or is too long */
  directory(at: number): Entry[] {
    const length = this.uint16(at);
    if (length > mostEntries) throw new RangeError("no directory");
    return Array.from({ length }, (_, index) => {
      const entryAt = at + 2 + index * entryBytes;
      const valueBytes = (typeBytes[this.uint16(entryAt + 2)] ?? 0) * this.uint32(entryAt + 4);
      const valueAt = valueBytes > 4 ? this.uint32(entryAt + 8) : entryAt + 8;
      return { tag: this.uint16(entryAt), at: entryAt, valueAt, valueBytes };
    });
  }

  /** The first directory. Bytes that only look like a TIFF have none. */
  first(): Entry[] {
    try {
      return this.directory(this.uint32(4));
    } catch {
      return [];
    }
  }
}

/** Every TIFF structure within these bytes, wherever a container keeps it. */
function* tiffsIn(bytes: Buffer): Generator<Tiff> {
  let left = mostTiffs;
  for (const mark of [littleEndianMark, bigEndianMark]) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 4)) {
      if (left-- === 0) return;
      yield new Tiff(bytes.subarray(at));
    }
  }
}

/** Whether some EXIF within these bytes has a place in it. One whose place cannot be read counts as if it had. */
export function hasGps(bytes: Buffer): boolean {
  for (const tiff of tiffsIn(bytes)) {
    const pointer = tiff.first().find(({ tag }) => tag === gpsPointer);
    if (!pointer) continue;
    try {
      if (tiff.directory(tiff.uint32(pointer.valueAt)).some(({ tag }) => tag !== gpsVersion))
        return true;
    } catch {
      return true;
    }
  }
  return false;
}

/** Overwrites every place in EXIF within these bytes, which keep their length. */
export function blankGps(bytes: Buffer): void {
  for (const tiff of tiffsIn(bytes)) {
    const pointer = tiff.first().find(({ tag }) => tag === gpsPointer);
    if (!pointer) continue;
    try {
      const directoryAt = tiff.uint32(pointer.valueAt);
      for (const { at, valueAt, valueBytes } of tiff.directory(directoryAt)) {
        tiff.bytes.fill(0, valueAt, valueAt + valueBytes);
        tiff.bytes.fill(0, at, at + entryBytes);
      }
      tiff.bytes.fill(0, directoryAt, directoryAt + 2);
    } catch {
      // It leads nowhere, and so must not look as if it led somewhere.
      tiff.bytes.fill(0, pointer.at, pointer.at + entryBytes);
    }
  }
}

/** How the picture is to be turned, 1 to 8, by the first EXIF within these bytes. */
export function orientationOf(bytes: Buffer): number {
  for (const tiff of tiffsIn(bytes)) {
    const entry = tiff.first().find(({ tag }) => tag === orientationTag);
    const value = entry ? tiff.uint16(entry.valueAt) : 1;
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** EXIF that says how the picture is to be turned, and nothing else. */
export function orientationExif(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  bigEndianMark.copy(tiff);
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(orientationTag, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}
