import type { ClipBytes } from "./clip-reader";
import { partOfClip } from "./part-of-clip";

const sync = 0x47;
/** As broadcast; as cameras write it, with a time before each; and with bytes to mend it by behind each. */
const packets = [
  { bytes: 188, before: 0 },
  { bytes: 192, before: 4 },
  { bytes: 204, before: 0 },
];
/** So many in a row are no chance. */
const packetsInARow = 6;
const sampleBytes = (packetsInARow + 1) * 204;

/**
 * A transport stream from its first whole packet on, since it may be cut out of a longer one.
 * @returns the clip itself where that is how it begins, and what is none
 * @throws what `read` throws
 */
export async function wholeTs(clip: ClipBytes): Promise<ClipBytes> {
  if (clip.sizeBytes < sampleBytes) return clip;
  const sample = Buffer.from(await clip.read(0, sampleBytes));
  for (const { bytes, before } of packets) {
    for (let at = 0; at < bytes; at++) {
      const isStart = (_: unknown, index: number) => sample[at + before + index * bytes] === sync;
      if (!Array.from({ length: packetsInARow }, isStart).every(Boolean)) continue;
      return at === 0 ? clip : partOfClip(clip, at, clip.sizeBytes);
    }
  }
  return clip;
}
