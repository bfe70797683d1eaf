/** What Matroska calls its elements, in its own bytes. */
const ebml = Buffer.of(0x1a, 0x45, 0xdf, 0xa3);
const cluster = Buffer.of(0x1f, 0x43, 0xb6, 0x75);
const timestampScale = Buffer.of(0x2a, 0xd7, 0xb1);
const timestamp = 0xe7;
const simpleBlock = 0xa3;
const blockGroup = 0xa0;
const block = 0xa1;

const headBytes = 64 * 1024;
/** A cluster of a browser's recording is far smaller. */
const tailBytes = 4 * 1024 * 1024;
const mostTails = 12;

interface Clip {
  sizeBytes: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

/**
 * When the last block of a recording begins, in seconds, from its last cluster: browsers write neither a duration nor an
 * index, as they do not know them when they begin, and reading a long recording from its start would mean reading it all.
 * @returns null for what is not Matroska, or has no cluster near its end
 */
export async function matroskaEndSeconds({ sizeBytes, read }: Clip): Promise<number | null> {
  const head = Buffer.from(await read(0, Math.min(headBytes, sizeBytes)));
  if (!head.subarray(0, 4).equals(ebml)) return null;
  const scaleAt = head.indexOf(timestampScale);
  const unitNs = (scaleAt > 0 && readNumber(head, scaleAt + 3)) || 1_000_000;
  let from = sizeBytes;
  let tail = Buffer.alloc(0);
  for (let count = 0; count < mostTails && from > 0; count++) {
    const start = Math.max(0, from - tailBytes);
    tail = Buffer.concat([Buffer.from(await read(start, from)), tail]);
    from = start;
    const units = lastUnits(tail);
    if (units !== null) return (units * unitNs) / 1e9;
  }
  return null;
}

/** The newest timestamp of the last cluster in these bytes. */
function lastUnits(bytes: Buffer): number | null {
  for (let at = bytes.lastIndexOf(cluster); at >= 0; ) {
    const units = newestOf(bytes, at + cluster.length);
    if (units !== null) return units;
    if (at === 0) return null;
    at = bytes.lastIndexOf(cluster, at - 1);
  }
  return null;
}

function newestOf(bytes: Buffer, sizeAt: number): number | null {
  const size = readSize(bytes, sizeAt);
  if (!size) return null;
  let at = sizeAt + size.bytes;
  // Bytes that are a cluster's by chance do not go on with its timestamp.
  if (bytes[at] !== timestamp) return null;
  const base = readNumber(bytes, at + 1);
  if (base === null) return null;
  let newest = 0;
  while (at < bytes.length) {
    const id = bytes[at] ?? 0;
    const element = readSize(bytes, at + 1);
    if (!element || ![timestamp, simpleBlock, blockGroup, 0xa7, 0xab, 0xec].includes(id)) break;
    const body = at + 1 + element.bytes;
    if (id === simpleBlock) newest = Math.max(newest, relativeTime(bytes, body));
    if (id === blockGroup && bytes[body] === block) {
      const inner = readSize(bytes, body + 1);
      if (inner) newest = Math.max(newest, relativeTime(bytes, body + 1 + inner.bytes));
    }
    at = body + element.value;
  }
  return base + newest;
}

/** Of a block: its track's number, then its time after the cluster's. */
function relativeTime(bytes: Buffer, at: number): number {
  const track = readSize(bytes, at);
  if (!track || at + track.bytes + 2 > bytes.length) return 0;
  return bytes.readInt16BE(at + track.bytes);
}

/** A number with its own length before it. */
function readNumber(bytes: Buffer, at: number): number | null {
  const size = readSize(bytes, at);
  if (!size || size.value < 1 || size.value > 6) return null;
  const from = at + size.bytes;
  return from + size.value <= bytes.length ? bytes.readUIntBE(from, size.value) : null;
}

/** EBML's own way to write a length: as many leading zeros as there are further bytes. */
function readSize(bytes: Buffer, at: number): { value: number; bytes: number } | null {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || at + length > bytes.length) return null;
  let value = first & (0xff >> length);
  for (let index = 1; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, bytes: length };
}
