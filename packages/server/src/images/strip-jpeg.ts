import { orientationExif, orientationOf } from "./exif";

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const comment = 0xfe;
const app = (n: number) => 0xe0 + n;

/**
 * A JPEG without metadata but its colour profile and orientation; its pixels are untouched. What follows the picture, such
 * as a second one with metadata of its own, goes too.
 * @returns null where the bytes are not laid out as a JPEG
 */
export function stripJpeg(bytes: Buffer): Buffer | null {
  if (bytes.readUInt16BE(0) !== 0xff00 + startOfImage) return null;
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let orientation = 1;
  let sawExif = false;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    // Markers may be padded with 0xff.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at, end);
    if (marker === startOfScan) {
      kept.push(...scansFrom(bytes, at));
      break;
    }
    if (marker === app(1) && !sawExif && segment.toString("latin1", 4, 8) === "Exif") {
      sawExif = true;
      orientation = orientationOf(segment);
    }
    if (isKept(marker, segment)) kept.push(segment);
    at = end;
  }
  if (orientation !== 1) kept.splice(afterJfif(kept), 0, exifSegment(orientation));
  return Buffer.concat(kept);
}

function isKept(marker: number, segment: Buffer): boolean {
  if (marker === comment) return false;
  if (marker < app(0) || marker > app(15)) return true;
  // Which colours the numbers mean: Adobe's word on the colour space, and the ICC profile.
  if (marker === app(0) || marker === app(14)) return true;
  return marker === app(2) && segment.toString("latin1", 4, 15) === "ICC_PROFILE";
}

/** All scans with the tables between them, up to the end of the image. */
function* scansFrom(bytes: Buffer, start: number): Generator<Buffer> {
  for (let at = bytes.indexOf(0xff, start + 2); at >= 0; at = bytes.indexOf(0xff, at + 2)) {
    if (bytes[at + 1] === endOfImage) {
      yield bytes.subarray(start, at + 2);
      return;
    }
    const marker = bytes[at + 1] ?? 0;
    const isMetadata = marker === comment || (marker >= app(0) && marker <= app(15));
    if (!isMetadata || at + 4 > bytes.length) continue;
    // Within a scan 0xff is followed by 0 or a restart marker, so this is a segment of its own.
    yield bytes.subarray(start, at);
    start = at + 2 + bytes.readUInt16BE(at + 2);
    at = start - 2;
  }
  yield bytes.subarray(start);
}

/** JFIF's own segment comes first, where there is one. */
function afterJfif(kept: Buffer[]): number {
  return kept[1]?.[1] === app(0) ? 2 : 1;
}

function exifSegment(orientation: number): Buffer {
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), orientationExif(orientation)]);
  const head = Buffer.of(0xff, app(1), 0, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}
