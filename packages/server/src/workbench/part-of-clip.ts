import type { ClipBytes } from "./clip-reader";

/** The bytes of a clip from `start` up to and without `end`, as a clip of their own. */
export function partOfClip(clip: ClipBytes, start: number, end: number): ClipBytes {
  return {
    sizeBytes: end - start,
    read: (from, to) => clip.read(start + from, start + to),
  };
}

const startBytes = 4096;

/** The same clip, whose first bytes are read once: who finds out what it is looks at them again and again. */
export function withStart({ sizeBytes, read }: ClipBytes): ClipBytes {
  const length = Math.min(startBytes, sizeBytes);
  let start: Promise<Uint8Array> | null = null;
  return {
    sizeBytes,
    async read(from, to) {
      if (to > length) return read(from, to);
      start ??= read(0, length);
      return (await start).slice(from, to);
    },
  };
}
