import { type ClipBytes, ClipReader } from "./clip-reader";
import { mendedWav } from "./mended-wav";
import { wholeOgg } from "./ogg-pages";
import { wavOfAiff } from "./wav-of-aiff";

const startBytes = 12;
/** With which QuickTime began before there was a box for its name. */
const firstBoxes = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);

/**
 * @param limitBytes that may be read of it
 * @returns null for what is no container that is read here
 * @throws what reading threw
 */
export async function openClip(clip: ClipBytes, limitBytes: number): Promise<ClipReader | null> {
  const length = Math.min(startBytes, clip.sizeBytes);
  const start = length > 0 ? Buffer.from(await clip.read(0, length)).toString("latin1") : "";
  if (firstBoxes.has(start.slice(4, 8)))
    return new ClipReader(clip, limitBytes, { isUnnamed: true });
  const mended = await mendedClip(clip, start);
  for (const readable of mended === clip ? [clip] : [mended, clip]) {
    const reader = new ClipReader(readable, limitBytes);
    if (await reader.attempt(() => reader.input.canRead())) return reader;
    reader.input.dispose();
  }
  return null;
}

/** What its reader would not understand, as it would: of some containers that are torn, or written otherwise. */
async function mendedClip(clip: ClipBytes, start: string): Promise<ClipBytes> {
  if (start.startsWith("RIFF")) return mendedWav(clip);
  if (start.startsWith("OggS")) return wholeOgg(clip);
  if (start.startsWith("FORM")) return (await wavOfAiff(clip)) ?? clip;
  return clip;
}
