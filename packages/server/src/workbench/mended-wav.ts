import { applyPatches, type BytePatch } from "../bytes/byte-patches";
import type { ClipBytes } from "./clip-reader";
import { partOfClip } from "./part-of-clip";
import { mp3Tag, readWavLayout } from "./wav-layout";

/**
 * A WAV as its reader understands it: with the lengths that a recorder never wrote, since it was stopped; and where it is
 * wrapped around an MP3, that.
 * @returns the clip itself where there is nothing to mend, and what is no WAV
 * @throws what `read` throws
 */
export async function mendedWav(clip: ClipBytes): Promise<ClipBytes> {
  const wav = await readWavLayout(clip);
  if (!wav || wav.dataBytes === 0) return clip;
  const { dataAt, dataBytes, saidBytes, formBytes } = wav;
  const dataEnd = dataAt + dataBytes;
  if (wav.tag === mp3Tag) return partOfClip(clip, dataAt, dataEnd);
  const patches: BytePatch[] = [];
  if (formBytes + 8 < dataEnd) patches.push({ start: 4, bytes: lengthBytes(clip.sizeBytes - 8) });
  if (saidBytes === null) patches.push({ start: dataAt - 4, bytes: lengthBytes(dataBytes) });
  if (patches.length === 0) return clip;
  return {
    sizeBytes: clip.sizeBytes,
    async read(start, end) {
      const bytes = Buffer.from(await clip.read(start, end));
      applyPatches(bytes, start, patches);
      return bytes;
    },
  };
}

function lengthBytes(length: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Math.min(length, 0xffff_ffff));
  return bytes;
}
