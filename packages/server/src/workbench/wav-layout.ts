import type { ClipBytes } from "./clip-reader";

/** There are some three or four; who has more hides something. */
const maxChunks = 64;
/** A chunk's head, and of `fmt ` as much as any codec of these has in common. */
const chunkHeadBytes = 8 + 20;

export const mp3Tag = 0x55;
const plainTags = new Set([1, 3, 6, 7, 0xfffe]);
/** Microsoft's and Intel's ADPCM, and GSM: their blocks are all of a length, and their heads say how long each lasts. */
const blockTags = new Set([0x02, 0x11, 0x31]);
/** What a recorder that was stopped leaves for a length. */
const noLengths = new Set([0, 0xffff_ffff]);

interface Format {
  tag: number;
  sampleRate: number;
  bytesPerSecond: number;
  blockBytes: number;
  samplesPerBlock: number;
}

export interface WavLayout extends Format {
  /** As the chunk `fact` says, or 0. */
  samples: number;
  /** Of the whole, as its first chunk says. */
  formBytes: number;
  dataAt: number;
  /** As the chunk of its sound says; null where that is no length. */
  saidBytes: number | null;
  /** Of its sound, as many as there are. */
  dataBytes: number;
}

/**
 * Reads the chunks of a WAV up to its sound.
 * @returns null for what is no WAV, and for one that has no sound
 * @throws what `read` throws
 */
export async function readWavLayout({ sizeBytes, read }: ClipBytes): Promise<WavLayout | null> {
  if (sizeBytes < 12) return null;
  const form = Buffer.from(await read(0, 12));
  if (!/^RIFF.{4}WAVE$/s.test(form.toString("latin1"))) return null;
  let format: Format | null = null;
  let samples = 0;
  let at = 12;
  for (let chunks = 0; chunks < maxChunks && at + 8 <= sizeBytes; chunks++) {
    const chunk = Buffer.from(await read(at, Math.min(at + chunkHeadBytes, sizeBytes)));
    const name = chunk.toString("latin1", 0, 4);
    const chunkBytes = chunk.readUInt32LE(4);
    if (name === "fmt ") format = formatOf(chunk.subarray(8, 8 + chunkBytes));
    if (name === "fact" && chunk.length >= 12) samples = chunk.readUInt32LE(8);
    if (name === "data") {
      const place = { formBytes: form.readUInt32LE(4), dataAt: at + 8 };
      return format && { ...format, samples, ...place, ...dataLengthOf(chunk, at, sizeBytes) };
    }
    at += 8 + chunkBytes + (chunkBytes % 2);
  }
  return null;
}

function formatOf(body: Buffer): Format | null {
  if (body.length < 14) return null;
  return {
    tag: body.readUInt16LE(0),
    sampleRate: body.readUInt32LE(4),
    bytesPerSecond: body.readUInt32LE(8),
    blockBytes: body.readUInt16LE(12),
    samplesPerBlock: body.length >= 20 ? body.readUInt16LE(18) : 0,
  };
}

function dataLengthOf(chunk: Buffer, at: number, sizeBytes: number) {
  const leftBytes = sizeBytes - at - 8;
  const said = chunk.readUInt32LE(4);
  const isUnknown = noLengths.has(said) && !isChunk(chunk.subarray(8), leftBytes);
  return {
    saidBytes: isUnknown ? null : said,
    // A torn file is as long as it is.
    dataBytes: isUnknown ? leftBytes : Math.min(said, leftBytes),
  };
}

/** Whether another chunk follows, so that one without length is meant to have none. */
function isChunk(bytes: Buffer, leftBytes: number): boolean {
  return (
    bytes.length >= 8 &&
    /^[ -~]{4}$/.test(bytes.toString("latin1", 0, 4)) &&
    bytes.readUInt32LE(4) <= leftBytes - 8
  );
}

/**
 * How long its sound lasts: by its samples, where they are packed and counted; by its blocks; else by the bytes that a second
 * takes, which many programs write as if nothing were packed.
 * @returns null for one that does not tell
 */
export function wavSeconds(wav: WavLayout): number | null {
  const { tag, sampleRate, samples, samplesPerBlock, blockBytes, saidBytes, dataBytes } = wav;
  const isCounted = !plainTags.has(tag) && sampleRate > 0;
  if (isCounted && saidBytes && !noLengths.has(samples))
    return ((samples / sampleRate) * dataBytes) / saidBytes;
  if (isCounted && blockTags.has(tag) && samplesPerBlock > 0 && blockBytes > 0)
    return (Math.ceil(dataBytes / blockBytes) * samplesPerBlock) / sampleRate;
  return wav.bytesPerSecond > 0 ? dataBytes / wav.bytesPerSecond : null;
}
