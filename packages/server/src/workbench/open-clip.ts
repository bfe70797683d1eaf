import { type ClipBytes, ClipReader } from "./clip-reader";
import { mendedWav } from "./mended-wav";
import { wholeOgg } from "./ogg-pages";
import { wavOfAiff } from "./wav-of-aiff";

const startBytes = 12;

/**
 * @param limitBytes that may be read of it
 * @returns null for what is no container that is read here
 * @throws what reading threw
 */
export async function openClip(clip: ClipBytes, limitBytes: number): Promise<ClipReader | null> {
  const mended = await mendedClip(clip);
  for (const readable of mended === clip ? [clip] : [mended, clip]) {
    const reader = new ClipReader(readable, limitBytes);
    if (await reader.attempt(() => reader.input.canRead())) return reader;
    reader.input.dispose();
  }
  return null;
}

/** What its reader would not understand, as it would: of some containers that are torn, or written otherwise. */
async function mendedClip(clip: ClipBytes): Promise<ClipBytes> {
  if (clip.sizeBytes < startBytes) return clip;
  const start = Buffer.from(await clip.read(0, startBytes)).toString("latin1");
  if (start.startsWith("RIFF")) return mendedWav(clip);
  if (start.startsWith("OggS")) return wholeOgg(clip);
  if (start.startsWith("FORM")) return (await wavOfAiff(clip)) ?? clip;
  return clip;
}
