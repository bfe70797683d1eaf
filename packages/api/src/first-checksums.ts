import { checksumsOf, type PartChecksum } from "./part-checksums";
import type { Part } from "./plan-parts";

export type FirstChecksums = Map<number, Promise<PartChecksum>>;

/** The first leaves as soon as it is signed; those behind it keep the line busy until more are hashed. */
const groups = [1, 2];

/**
 * Hashes the first parts while the server opens the upload, so that they can be signed as soon as it has. Their MD5s, which
 * every store takes.
 */
export function hashFirst(file: Blob, parts: Part[], signal?: AbortSignal): FirstChecksums {
  const checksums: FirstChecksums = new Map();
  let before: Promise<unknown> = Promise.resolve();
  let at = 0;
  for (const count of groups) {
    const group = parts.slice(at, at + count);
    const bytes = group.map(({ startByte, endByte }) => file.slice(startByte, endByte));
    const hashing = before.then(() => checksumsOf(bytes, "md5", signal));
    for (const [index, { partNumber }] of group.entries()) {
      const one = hashing.then((all) => all[index] ?? {});
      // Whoever signs the part hears of it; an upload that does not come so far asks for none.
      one.catch(() => {});
      checksums.set(partNumber, one);
    }
    before = hashing;
    at += count;
  }
  return checksums;
}
