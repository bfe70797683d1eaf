import { readdir } from "node:fs/promises";
import { isCode } from "./is-code";

/** In their order; none where there is no such directory. */
export async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}
