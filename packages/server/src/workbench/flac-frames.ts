import type { ClipReader } from "./clip-reader";

const pieceBytes = 256 * 1024;
/** Pictures, seek points, tags: there are some ten. */
const mostBlocks = 128;
const blockHeadBytes = 4;
const infoBytes = 34;
const mostHeadBytes = 16;
const padding = Buffer.alloc(mostHeadBytes);
/** What is torn so often was made to be looked through for long. */
const mostLostHeads = 100;
/** Of a frame: its head, a sample for all others, and its checksum. */
const leastFrameBytes = 10;

/** What FLAC says of itself before its first frame. */
export interface FlacInfo {
  framesAt: number;
  sampleRate: number;
  /** Of each frame, where all have as many. */
  blockSize: number;
  mostFrameBytes: number;
}

export interface FlacFrame {
  atSeconds: number;
  seconds: number;
  bytes: Buffer;
}

interface Head {
  at: number;
  number: number;
  blockSize: number;
  /** Then frames are counted by their samples. */
  isVariable: boolean;
}

/** @returns null for what is no FLAC */
export async function readFlacInfo(reader: ClipReader): Promise<FlacInfo | null> {
  const { sizeBytes } = reader.clip;
  let at = 4;
  if (sizeBytes < at + blockHeadBytes + infoBytes) return null;
  const start = Buffer.from(await reader.read(0, at + blockHeadBytes + infoBytes));
  if (start.toString("latin1", 0, 4) !== "fLaC") return null;
  const info = start.subarray(at + blockHeadBytes);
  for (let blocks = 0; blocks < mostBlocks && at + blockHeadBytes <= sizeBytes; blocks++) {
    const head = Buffer.from(await reader.read(at, at + blockHeadBytes));
    at += blockHeadBytes + head.readUIntBE(1, 3);
    if (head.readUInt8(0) & 0x80) return infoOf(info, at);
  }
  return null;
}

function infoOf(info: Buffer, framesAt: number): FlacInfo | null {
  const sampleRate = info.readUIntBE(10, 3) >> 4;
  const channels = ((info.readUInt8(12) >> 1) & 7) + 1;
  const blockSize = info.readUInt16BE(2);
  // Samples as they are take no more.
  const mostFrameBytes = blockSize * channels * 4 + 2 * mostHeadBytes;
  return sampleRate > 0 ? { framesAt, sampleRate, blockSize, mostFrameBytes } : null;
}

/**
 * The frames of a FLAC from its beginning. The library's own reader knows no rates that are written in kilohertz, such as
 * 192, and gives up where a file is torn; here, what lies between whole frames is passed over.
 */
export async function* flacFrames(reader: ClipReader, info: FlacInfo): AsyncGenerator<FlacFrame> {
  const { sizeBytes } = reader.clip;
  let readAt = info.framesAt;
  let lostHeads = 0;
  let bytes: Buffer = Buffer.alloc(0);
  let head: Head | null = null;
  while (readAt < sizeBytes) {
    const end = Math.min(readAt + pieceBytes, sizeBytes);
    // The last head may be shorter than the longest one.
    const behind = end === sizeBytes ? [padding] : [];
    bytes = Buffer.concat([bytes, await reader.read(readAt, end), ...behind]);
    readAt = end;
    let at = 0;
    head ??= headFrom(bytes, at);
    while (head) {
      reader.requireTime();
      at = head.at + leastFrameBytes;
      const next = headFrom(bytes, at, head);
      if (next) yield frameOf(bytes.subarray(head.at, next.at), head, info);
      const isLong = bytes.length - head.at > info.mostFrameBytes;
      if (!next && !isLong && readAt < sizeBytes) break;
      // Without its next one it is none, or broken, unless it is the last of all.
      const other: Head | null = next ?? headFrom(bytes, at);
      if (!other && !isLong) break;
      if (!next && ++lostHeads > mostLostHeads) return;
      head = other;
    }
    // What may still be the beginning of a frame, or of its head.
    const keptAt: number = head?.at ?? Math.max(at, bytes.length - mostHeadBytes + 1, 0);
    bytes = bytes.subarray(keptAt);
    if (head) head = { ...head, at: 0 };
  }
  if (head) yield frameOf(bytes.subarray(0, -padding.length), head, info);
}

function frameOf(bytes: Buffer, head: Head, { sampleRate, blockSize }: FlacInfo): FlacFrame {
  const firstSample = head.isVariable ? head.number : head.number * blockSize;
  return { atSeconds: firstSample / sampleRate, seconds: head.blockSize / sampleRate, bytes };
}

/** The first head of a frame in these bytes; the next one, where there is one before it. */
function headFrom(bytes: Buffer, from: number, before?: Head): Head | null {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const head = ((bytes[at + 1] ?? 0) & 0xfe) === 0xf8 ? headAt(bytes, at) : null;
    if (head && (!before || follows(head, before))) return head;
  }
  return null;
}

function follows(head: Head, before: Head): boolean {
  if (head.isVariable !== before.isVariable) return false;
  return head.number === before.number + (before.isVariable ? before.blockSize : 1);
}

/** From section 9.1 of RFC 9639. */
function headAt(bytes: Buffer, at: number): Head | null {
  if (at + mostHeadBytes > bytes.length) return null;
  const [sync = 0, codes = 0, rest = 0, first = 0] = bytes.subarray(at + 1, at + 5);
  const [sizeCode, rateCode] = [codes >> 4, codes & 15];
  const leading = Math.clz32(~(first << 24));
  if (sizeCode === 0 || rateCode === 15 || rest & 1 || leading === 1 || leading > 7) return null;
  let number = first & (0xff >> (leading + 1));
  let next = at + 5;
  for (let more = 1; more < leading; more++) number = number * 64 + (bytes.readUInt8(next++) & 63);
  const [blockSize, sizeBytes] = blockSizeOf(sizeCode, bytes.readUInt16BE(next));
  next += sizeBytes + (rateCode < 12 ? 0 : rateCode === 12 ? 1 : 2);
  if (checksum(bytes.subarray(at, next)) !== bytes[next]) return null;
  return { at, number, blockSize, isVariable: (sync & 1) === 1 };
}

/** And how many bytes behind the number it took to say it. */
function blockSizeOf(code: number, behind: number): [blockSize: number, sizeBytes: number] {
  if (code === 6) return [(behind >> 8) + 1, 1];
  if (code === 7) return [behind + 1, 2];
  if (code === 1) return [192, 0];
  return [code < 6 ? 144 * 2 ** code : 2 ** code, 0];
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = ((sum << 1) ^ (sum & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return sum;
}
