import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { isCode } from "./is-code";

/**
 * Makes a directory and what is missing above it. Node's own way never ends where the system says of a place that it is
 * not there and cannot be made, as below `/proc`.
 * @returns the first one that was made, if any was
 */
export async function makeDir(dir: string): Promise<string | undefined> {
  try {
    return await makeOne(dir);
  } catch (error) {
    const parent = dirname(dir);
    if (!isCode(error, "ENOENT") || parent === dir) throw error;
    const first = await makeDir(parent);
    const made = await makeOne(dir);
    return first ?? made;
  }
}

/** @returns nothing where it is there already */
async function makeOne(dir: string): Promise<string | undefined> {
  try {
    await mkdir(dir);
    return dir;
  } catch (error) {
    if (isCode(error, "EEXIST")) return undefined;
    throw error;
  }
}
