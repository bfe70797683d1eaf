import { type ClipBytes, ClipReader } from "./clip-reader";
import { wavOfAiff } from "./wav-of-aiff";

/**
 * @param limitBytes that may be read of it
 * @returns null for what is no container that is read here
 * @throws what reading threw
 */
export async function openClip(clip: ClipBytes, limitBytes: number): Promise<ClipReader | null> {
  const reader = new ClipReader(clip, limitBytes);
  if (await reader.attempt(() => reader.input.canRead())) return reader;
  reader.input.dispose();
  const wav = await wavOfAiff(clip);
  return wav && new ClipReader(wav, limitBytes);
}
