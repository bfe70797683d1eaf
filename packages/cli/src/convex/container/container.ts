import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { UsageError } from "../../terminal";
import { openFolder } from "./folder";
import { refusal } from "./unreadable";
import { openZip } from "./zip";

/** One file of an export, wherever it lies. */
export interface ContainedFile {
  /** With slashes, and no way out of the container. */
  name: string;
  sizeBytes: number;
  /** @throws UnusableFile where it cannot be read, though the others can */
  open(): Promise<Readable>;
}

/** What holds an export: a zip archive, or the folder that it was unpacked to. */
export interface Container {
  files: ContainedFile[];
  close(): Promise<void>;
}

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
