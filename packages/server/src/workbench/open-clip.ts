import { type ClipBytes, ClipReader } from "./clip-reader";
import { id3Bytes } from "./id3-bytes";
import { mendedWav } from "./mended-wav";
import { wholeOgg } from "./ogg-pages";
import { partOfClip, withStart } from "./part-of-clip";
import { wavOfAiff } from "./wav-of-aiff";
import { wholeTs } from "./whole-ts";

const startBytes = 12;
/** With which QuickTime began before there was a box for its name. */
const firstBoxes = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);

/**
 * @param limitBytes that may be read of it
 * @returns null for what is no container that is read here
 * @throws what reading threw
 */
export async function openClip(stored: ClipBytes, limitBytes: number): Promise<ClipReader | null> {
  const clip = withStart(stored);
  const tagBytes = await id3Bytes(clip);
  const untagged =
    tagBytes > 0 && tagBytes < clip.sizeBytes ? partOfClip(clip, tagBytes, clip.sizeBytes) : clip;
  const start = await startOf(untagged);
  if (firstBoxes.has(start.slice(4, 8)))
    return new ClipReader(untagged, limitBytes, { isUnnamed: true });
  const tried = new Set<ClipBytes>();
  for (const view of [() => mendedClip(untagged, start), () => clip, () => wholeTs(untagged)]) {
    const readable = await view();
    if (tried.has(readable)) continue;
    tried.add(readable);
    const reader = new ClipReader(readable, limitBytes);
    if (await reader.attempt(() => reader.input.canRead())) return reader;
    reader.input.dispose();
  }
  return null;
}

async function startOf({ sizeBytes, read }: ClipBytes): Promise<string> {
  const length = Math.min(startBytes, sizeBytes);
  return length > 0 ? Buffer.from(await read(0, length)).toString("latin1") : "";
}

/** What its reader would not understand, as it would: of some containers that are torn, or written otherwise. */
async function mendedClip(clip: ClipBytes, start: string): Promise<ClipBytes> {
  if (start.startsWith("RIFF")) return mendedWav(clip);
  if (start.startsWith("OggS")) return wholeOgg(clip);
  if (start.startsWith("FORM")) return (await wavOfAiff(clip)) ?? clip;
  return clip;
}
