import { orientationExif, orientationOf } from "./exif";

const headerBytes = 12;
/** Flags of the VP8X chunk. */
const hasExif = 0x08;
const hasXmp = 0x04;

/**
 * A WebP without metadata but its colour profile and orientation; its pixels are untouched.
 * @returns null where the bytes are not laid out as a WebP
 */
export function stripWebp(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [];
  let flags: Buffer | null = null;
  let exif: Buffer | null = null;
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4));
  for (let at = headerBytes; at + 8 <= end; ) {
    const type = bytes.toString("latin1", at, at + 4);
    const sizeBytes = bytes.readUInt32LE(at + 4);
    // Chunks are of even length.
    const next = at + 8 + sizeBytes + (sizeBytes % 2);
    // A copy: the flags in it are changed.
    const whole = Buffer.from(bytes.subarray(at, next));
    if (type === "VP8X") flags = whole;
    if (type === "EXIF") exif = whole;
    else if (type !== "XMP ") kept.push(whole);
    at = next;
  }
  if (kept.length === 0) return null;
  const orientation = exif ? orientationOf(exif) : 1;
  if (orientation !== 1) kept.push(chunk("EXIF", orientationExif(orientation)));
  if (flags && flags.length > 8) {
    const others = flags.readUInt8(8) & ~(hasExif | hasXmp);
    flags.writeUInt8(others | (orientation === 1 ? 0 : hasExif), 8);
  }
  const body = Buffer.concat(kept);
  const head = Buffer.from(bytes.subarray(0, headerBytes));
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data]);
}
