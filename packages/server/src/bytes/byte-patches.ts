/** Bytes that stand in the place of as many others. */
export interface BytePatch {
  /** Of the first, counted from zero. */
  start: number;
  bytes: Uint8Array;
}

/** What is nearer than this is one patch: each costs more than the bytes between. */
const joinedBytes = 64;

/** What differs in two buffers of one length, counted from `offset` on. */
export function patchesBetween(before: Uint8Array, after: Uint8Array, offset = 0): BytePatch[] {
  const patches: BytePatch[] = [];
  const take = (start: number, end: number) =>
    patches.push({ start: offset + start, bytes: Uint8Array.from(after.subarray(start, end)) });
  let start = -1;
  let last = -1;
  for (let at = 0; at < before.length; at++) {
    if (before[at] === after[at]) continue;
    if (start >= 0 && at - last > joinedBytes) {
      take(start, last + 1);
      start = -1;
    }
    if (start < 0) start = at;
    last = at;
  }
  if (start >= 0) take(start, last + 1);
  return patches;
}

/** Writes into a piece of the whole, which begins at `offset`, what of the patches falls into it. */
export function applyPatches(piece: Uint8Array, offset: number, patches: BytePatch[]): void {
  for (const { start, bytes } of patches) {
    const from = Math.max(start, offset);
    const to = Math.min(start + bytes.length, offset + piece.length);
    if (from < to) piece.set(bytes.subarray(from - start, to - start), from - offset);
  }
}

/** Whether some patch falls between these bytes, `end` not included. */
export function patchesTouch(patches: BytePatch[], from: number, end: number): boolean {
  return patches.some(({ start, bytes }) => start < end && start + bytes.length > from);
}

/** Patches a stream of pieces, which it may change in place. */
export async function* patchStream(
  pieces: AsyncIterable<Uint8Array>,
  patches: BytePatch[],
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const piece of pieces) {
    applyPatches(piece, offset, patches);
    offset += piece.length;
    yield piece;
  }
}
