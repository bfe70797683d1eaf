import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, opendir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

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

/** Copies a file whole or not at all. One that is there, of the same size, was copied by an earlier run. */
export async function copyOnce(from: string, to: string): Promise<boolean> {
  const source = await stat(from).catch(() => null);
  // Deleted since it was listed.
  if (!source) return false;
  const there = await stat(to).catch(() => null);
  if (there?.size === source.size) return true;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const draft = `${to}.part`;
  try {
    await copyFile(from, draft);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  await rename(draft, to);
  return true;
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
