import type { Readable } from "node:stream";

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
