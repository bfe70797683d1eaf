import { opendir } from "node:fs/promises";
import { join } from "node:path";

/** Every file below a folder, by its path there. */
export async function* filesBelow(root: string, path = ""): AsyncGenerator<string> {
  const entries = await opendir(join(root, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for await (const entry of entries) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(root, below);
    else if (entry.isFile()) yield below;
  }
}
