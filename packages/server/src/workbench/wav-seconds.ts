import type { ClipBytes } from "./clip-reader";

/** There are some three or four; who has more hides something. */
const maxChunks = 64;

/**
 * How long a WAV lasts, by the bytes that a second takes: also where its sound is packed in a way that nothing here reads.
 * @returns null for what is no WAV, and for one that does not tell
 * @throws what `read` throws
 */
export async function wavSeconds({ sizeBytes, read }: ClipBytes): Promise<number | null> {
  if (sizeBytes < 12) return null;
  const form = Buffer.from(await read(0, 12)).toString("latin1");
  if (!/^RIFF.{4}WAVE$/s.test(form)) return null;
  let bytesPerSecond = 0;
  let at = 12;
  for (let chunks = 0; chunks < maxChunks && at + 8 <= sizeBytes; chunks++) {
    const head = Buffer.from(await read(at, Math.min(at + 20, sizeBytes)));
    const name = head.toString("latin1", 0, 4);
    const chunkBytes = head.readUInt32LE(4);
    if (name === "fmt " && head.length === 20) bytesPerSecond = head.readUInt32LE(16);
    if (name === "data")
      // A recorder that was stopped leaves a length that is none, and a torn file is as long as it is.
      return bytesPerSecond > 0
        ? Math.min(chunkBytes || Infinity, sizeBytes - at - 8) / bytesPerSecond
        : null;
    at += 8 + chunkBytes + (chunkBytes % 2);
  }
  return null;
}
