import type { ClipBytes } from "./clip-reader";

const headBytes = 44;
/** There are some three or four; who has more hides something. */
const maxChunks = 64;

interface Layout {
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  /** Of AIFF-C; samples as they are in plain AIFF. */
  coding: string;
}

/**
 * An AIFF holds the samples of a WAV, mostly with their bytes the other way round: here it is read as one.
 * @returns null for what is no AIFF, and for one whose samples are compressed
 * @throws what `read` throws
 */
export async function wavOfAiff(clip: ClipBytes): Promise<ClipBytes | null> {
  const found = await findSamples(clip);
  if (!found) return null;
  const { layout, atByte } = found;
  const isFloat = /^fl(32|64)$/i.test(layout.coding);
  const isReversed = layout.coding !== "sowt";
  const sampleBytes = Math.ceil(layout.bitsPerSample / 8);
  const wholeFrames = Math.floor(found.lengthBytes / (sampleBytes * layout.channels));
  const lengthBytes = wholeFrames * sampleBytes * layout.channels;
  if (lengthBytes <= 0 || lengthBytes > 0xffff_ff00) return null;
  const head = wavHead({ ...layout, sampleBytes, isFloat, lengthBytes });
  return {
    sizeBytes: headBytes + lengthBytes,
    async read(start, end) {
      const ofHead = head.subarray(start, Math.max(start, Math.min(end, headBytes)));
      const [from, to] = [Math.max(0, start - headBytes), Math.min(end - headBytes, lengthBytes)];
      if (to <= from) return ofHead;
      const firstSample = Math.floor(from / sampleBytes) * sampleBytes;
      const behindLast = Math.ceil(to / sampleBytes) * sampleBytes;
      const samples = Buffer.from(await clip.read(atByte + firstSample, atByte + behindLast));
      // In AIFF the least eight bits have a sign, in WAV they have none.
      if (sampleBytes === 1)
        for (const [at, sample] of samples.entries()) samples[at] = sample ^ 0x80;
      else if (isReversed) reverseEach(samples, sampleBytes);
      return Buffer.concat([ofHead, samples.subarray(from - firstSample, to - firstSample)]);
    },
  };
}

async function findSamples({ sizeBytes, read }: ClipBytes) {
  if (sizeBytes < headBytes) return null;
  const form = Buffer.from(await read(0, 12)).toString("latin1");
  if (!/^FORM.{4}AIF[FC]$/s.test(form)) return null;
  let layout: Layout | null = null;
  let samples: { atByte: number; lengthBytes: number } | null = null;
  let at = 12;
  for (let chunks = 0; chunks < maxChunks && at + 8 <= sizeBytes; chunks++) {
    const head = Buffer.from(await read(at, Math.min(at + 34, sizeBytes)));
    const chunkBytes = head.readUInt32BE(4);
    const name = head.toString("latin1", 0, 4);
    if (name === "COMM" && head.length >= 26) layout = layoutOf(head, form.endsWith("C"));
    if (name === "SSND" && head.length >= 16) {
      const atByte = at + 16 + head.readUInt32BE(8);
      // Torn off, it goes as far as it goes.
      samples = { atByte, lengthBytes: Math.min(at + 8 + chunkBytes, sizeBytes) - atByte };
    }
    if (layout && samples) return { layout, ...samples };
    at += 8 + chunkBytes + (chunkBytes % 2);
  }
  return null;
}

function layoutOf(chunk: Buffer, isCoded: boolean): Layout | null {
  const coding = isCoded && chunk.length >= 30 ? chunk.toString("latin1", 26, 30) : "NONE";
  const layout = {
    channels: chunk.readUInt16BE(8),
    bitsPerSample: chunk.readUInt16BE(14),
    sampleRate: Math.round(extended(chunk, 16)),
    coding,
  };
  const isPlain = /^(NONE|twos|sowt|in24|in32|fl32|fl64)$/i.test(coding);
  const { channels, bitsPerSample, sampleRate } = layout;
  const isSound = channels > 0 && channels <= 64 && bitsPerSample > 0 && bitsPerSample <= 64;
  return isPlain && isSound && sampleRate > 0 && sampleRate <= 0xffff_ffff ? layout : null;
}

/** A number of eighty bits. */
function extended(bytes: Buffer, at: number): number {
  const exponent = (bytes.readUInt16BE(at) & 0x7fff) - 16383 - 63;
  return Number(bytes.readBigUInt64BE(at + 2)) * 2 ** exponent;
}

function wavHead(sound: Layout & { sampleBytes: number; isFloat: boolean; lengthBytes: number }) {
  const { channels, sampleRate, sampleBytes, isFloat, lengthBytes } = sound;
  const head = Buffer.alloc(headBytes);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(headBytes - 8 + lengthBytes, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(isFloat ? 3 : 1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE((sampleRate * sampleBytes * channels) % 2 ** 32, 28);
  head.writeUInt16LE(sampleBytes * channels, 32);
  head.writeUInt16LE(sampleBytes * 8, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(lengthBytes, 40);
  return head;
}

function reverseEach(samples: Buffer, sampleBytes: number): void {
  if (sampleBytes === 2) samples.swap16();
  else if (sampleBytes === 4) samples.swap32();
  else if (sampleBytes === 8) samples.swap64();
  else
    for (let at = 0; at < samples.length; at += sampleBytes)
      samples.subarray(at, at + sampleBytes).reverse();
}
