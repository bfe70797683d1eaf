import { stat } from "node:fs/promises";
import { UsageError } from "../../terminal";
import type { Container } from "./container";
import { openFolder } from "./folder";
import { refusal } from "./unreadable";
import { openZip } from "./zip";

/** @throws UsageError in words for whoever ran the command */
export async function openContainer(path: string): Promise<Container> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const isAbsent = error.code === "ENOENT" || error.code === "ENOTDIR";
    throw isAbsent ? new UsageError(`There is no file ${path}.`) : refusal(path, error);
  });
  try {
    return await (there.isDirectory() ? openFolder(path) : openZip(path));
  } catch (error) {
    throw error instanceof UsageError ? error : refusal(path, error);
  }
}
