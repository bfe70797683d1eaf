import type { ClipBytes } from "./clip-reader";
import { type OggPage, oggPageIn, oggPagesFromEnd } from "./ogg-pages";

/** Of the first pages, which name the codecs. */
const headsBytes = 16 * 1024;
/** A film has two or three; who has more hides something. */
const mostStreams = 16;

/** A stream of a codec that the library passes over. */
export interface OggStream {
  /** As RFC 5334 calls it. */
  codec: string;
  /** Null where no page near the end tells it. */
  endSeconds: number | null;
  /** As displayed. Null for sound. */
  widthPx: number | null;
  heightPx: number | null;
}

type Described = Omit<OggStream, "endSeconds"> & { secondsAt: (granule: bigint) => number };

/**
 * What an Ogg says of its streams of FLAC, Speex and Theora: by the first packet of each, and the last page.
 * @throws what `read` throws
 */
export async function readOggStreams(clip: ClipBytes): Promise<OggStream[]> {
  const head = Buffer.from(await clip.read(0, Math.min(headsBytes, clip.sizeBytes)));
  const described = new Map<number, Described>();
  for (const { serial, bodyAt, endAt } of firstPages(head)) {
    const stream = describe(head.subarray(bodyAt, endAt));
    if (stream) described.set(serial, stream);
  }
  const ends = await lastGranules(clip, new Set(described.keys()));
  return [...described].map(([serial, { secondsAt, ...stream }]) => {
    const end = ends.get(serial);
    return { ...stream, endSeconds: end === undefined ? null : secondsAt(end) };
  });
}

/** Each stream has one, before all others. */
function* firstPages(head: Buffer): Generator<OggPage> {
  let page = oggPageIn(head, 0);
  for (let count = 0; count < mostStreams && page?.isFirstOfStream; count++) {
    yield page;
    page = oggPageIn(head, page.endAt);
  }
}

async function lastGranules(clip: ClipBytes, wanted: Set<number>): Promise<Map<number, bigint>> {
  const found = new Map<number, bigint>();
  if (wanted.size === 0) return found;
  for await (const { serial, granule } of oggPagesFromEnd(clip)) {
    if (granule === null || !wanted.has(serial) || found.has(serial)) continue;
    found.set(serial, granule);
    if (found.size === wanted.size) break;
  }
  return found;
}

function describe(packet: Buffer): Described | null {
  const name = packet.toString("latin1", 0, 8);
  if (name.startsWith("\x7fFLAC") && packet.length >= 30)
    return soundOf("flac", packet.readUIntBE(27, 3) >> 4);
  if (name === "Speex   " && packet.length >= 40) return soundOf("speex", packet.readUInt32LE(36));
  if (name.startsWith("\x80theora") && packet.length >= 42) return theoraOf(packet);
  return null;
}

function soundOf(codec: string, sampleRate: number): Described {
  const secondsAt = (granule: bigint) => Number(granule) / sampleRate;
  return { codec, widthPx: null, heightPx: null, secondsAt };
}

/** From section 6.2 of its specification. */
function theoraOf(packet: Buffer): Described {
  const [perSecond, perSeconds] = [packet.readUInt32BE(22), packet.readUInt32BE(26)];
  const [aspectWidth, aspectHeight] = [packet.readUIntBE(30, 3), packet.readUIntBE(33, 3)];
  const aspect = aspectWidth > 0 && aspectHeight > 0 ? aspectWidth / aspectHeight : 1;
  const shift = BigInt((packet.readUInt16BE(40) >> 5) & 31);
  // Of a picture, the number of the last one that stands alone, and of those since.
  const secondsAt = (granule: bigint) => {
    const pictures = (granule >> shift) + (granule & ((1n << shift) - 1n));
    return (Number(pictures) * perSeconds) / perSecond;
  };
  return {
    codec: "theora",
    widthPx: Math.round(packet.readUIntBE(14, 3) * aspect),
    heightPx: packet.readUIntBE(17, 3),
    secondsAt,
  };
}
