import type { ClipBytes } from "./clip-reader";

/** A second tag is a mistake of some editors; who has more hides something. */
const maxTags = 4;
/** The frame in which the count stands, with whatever lies between the tags and it. */
const firstFrameBytes = 4096;

/**
 * Whether an MP3 says how many frames it has. One that does not, as recorders and streams leave it, only tells how fast its
 * first frame is, and where the others are not as fast nothing but reading them tells how long it lasts.
 * @throws what `read` throws
 */
export async function hasFrameCount({ sizeBytes, read }: ClipBytes): Promise<boolean> {
  let at = 0;
  for (let tags = 0; tags < maxTags && at + 10 <= sizeBytes; tags++) {
    const head = Buffer.from(await read(at, at + 10));
    if (head.toString("latin1", 0, 3) !== "ID3") break;
    const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6);
    at += 10 + ((a << 21) | (b << 14) | (c << 7) | d);
  }
  if (at >= sizeBytes) return false;
  const frame = Buffer.from(await read(at, Math.min(at + firstFrameBytes, sizeBytes)));
  return frame.includes("Xing") || frame.includes("Info");
}
