import type { ClipBytes } from "./clip-reader";
import { id3Bytes } from "./id3-bytes";

/** The frame in which the count stands, with whatever lies between the tags and it. */
const firstFrameBytes = 4096;

/**
 * Whether an MP3 says how many frames it has. One that does not, as recorders and streams leave it, only tells how fast its
 * first frame is, and where the others are not as fast nothing but reading them tells how long it lasts.
 * @throws what `read` throws
 */
export async function hasFrameCount(clip: ClipBytes): Promise<boolean> {
  const { sizeBytes, read } = clip;
  const at = await id3Bytes(clip);
  if (at >= sizeBytes) return false;
  const frame = Buffer.from(await read(at, Math.min(at + firstFrameBytes, sizeBytes)));
  return frame.includes("Xing") || frame.includes("Info");
}
