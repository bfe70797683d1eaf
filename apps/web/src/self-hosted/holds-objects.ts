import { opendir } from "node:fs/promises";
import { join } from "node:path";

/** Levels of directories above an object of the disk store: its tree, the bucket, the fan-out. */
const depthOfObjects = 3;

/** Whether a disk store at `dir` holds any object. */
export async function holdsObjects(dir: string, depth = depthOfObjects): Promise<boolean> {
  // Beside the objects lie drafts and unfinished uploads, which nobody misses.
  const root = depth === depthOfObjects ? join(dir, "objects") : dir;
  try {
    for await (const entry of await opendir(root)) {
      if (depth === 1 || (await holdsObjects(join(root, entry.name), depth - 1))) return true;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
  return false;
}
