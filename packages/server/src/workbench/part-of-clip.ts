import type { ClipBytes } from "./clip-reader";

/** The bytes of a clip from `start` up to and without `end`, as a clip of their own. */
export function partOfClip(clip: ClipBytes, start: number, end: number): ClipBytes {
  return {
    sizeBytes: end - start,
    read: (from, to) => clip.read(start + from, start + to),
  };
}
