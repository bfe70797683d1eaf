import { mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isCode } from "./is-code";
import { fanOutChars } from "./object-tree";

/**
 * Moves what a store of an earlier version keeps to where this one looks for it: it had 4,096 directories below a bucket,
 * named by one character more. It ends as it should, however often it is broken off and begun again.
 */
export function adoptLayout(root: string): void {
  for (const kind of ["objects", "uploads"]) {
    for (const bucket of namesIn(join(/*turbopackIgnore: true*/ root, kind))) {
      const bucketDir = join(/*turbopackIgnore: true*/ root, kind, bucket);
      for (const name of namesIn(bucketDir)) {
        if (/^[0-9a-f]{3}$/.test(name)) empty(bucketDir, name);
      }
    }
  }
}

function empty(bucketDir: string, name: string): void {
  const from = join(bucketDir, name);
  for (const key of namesIn(from)) {
    const place = join(bucketDir, name.slice(0, fanOutChars), key);
    mkdirSync(dirname(place), { recursive: true });
    // Another process may be at the same.
    unlessGone(() => renameSync(join(from, key), place));
  }
  unlessGone(() => rmdirSync(from));
}

function namesIn(dir: string): string[] {
  return unlessGone(() => readdirSync(dir)) ?? [];
}

function unlessGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    // What is no directory holds no objects; whoever writes hears of it.
    if (isCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
