import { changedMessage, FermataError } from "./api-error";
import { signBytes } from "./file-type";

/** What is used of `node:fs` and `node:path`. */
interface FileSystem {
  openAsBlob(path: string, options?: { type?: string }): Promise<Blob>;
  promises: {
    open(path: string): Promise<FileHandle>;
    stat(path: string): Promise<FileFacts>;
  };
}

interface FileFacts {
  size: number;
  mtimeMs: number;
}

interface FileHandle {
  read(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }>;
  stat(): Promise<FileFacts>;
  close(): Promise<void>;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

interface LocalFile extends FileFacts {
  path: string;
}

/** What the files that this module opened stand for. */
const opened = new WeakMap<Blob, LocalFile>();

/** See `openFile` in open-file. */
export async function openFile(path: string, type = "application/octet-stream"): Promise<File> {
  const fs = fileSystem();
  if (!fs) throw new FermataError("INVALID_INPUT", "Only Node opens files by their paths.");
  const { size, mtimeMs } = await fs.promises.stat(path);
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const file = new File([await fs.openAsBlob(path)], name, {
    type,
    lastModified: Math.floor(mtimeMs),
  });
  opened.set(file, { path, size, mtimeMs });
  return file;
}

export interface FileReader {
  /** Fills `into` with what begins at `start`. @throws FermataError INVALID_INPUT when the file was changed */
  read(into: Uint8Array, start: number): Promise<void>;
  close(): Promise<void>;
}

/** Reads a file's bytes into memory that is there already. @throws FermataError INVALID_INPUT when the file is gone */
export async function openReader(file: Blob): Promise<FileReader> {
  const local = opened.get(file);
  if (!local) return { read: (into, start) => readBlob(file, into, start), close: async () => {} };
  const handle = await fileSystem()
    ?.promises.open(local.path)
    .catch((error) => {
      throw changed(error);
    });
  if (!handle) throw changed();
  return {
    async read(into, start) {
      for (let at = 0; at < into.byteLength; ) {
        const { bytesRead } = await handle.read(into, at, into.byteLength - at, start + at);
        if (bytesRead === 0) throw changed();
        at += bytesRead;
      }
      const { size, mtimeMs } = await handle.stat();
      if (size !== local.size || mtimeMs !== local.mtimeMs) throw changed();
    },
    close: () => handle.close(),
  };
}

async function readBlob(file: Blob, into: Uint8Array, start: number): Promise<void> {
  const reader = file
    .slice(start, start + into.byteLength)
    .stream()
    .getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    into.set(value, at);
    at += value.byteLength;
  }
  if (at < into.byteLength) throw changed();
}

/**
 * A file on disk may be changed, moved or deleted after it was chosen; then nothing of it can be read, and what sends it
 * only sees a network that breaks.
 * @returns its first bytes; none where pages cannot read blobs
 * @throws FermataError INVALID_INPUT
 */
export async function requireReadable(file: Blob): Promise<Uint8Array> {
  // In React Native only what sends a blob reads it.
  if (!file.arrayBuffer) return new Uint8Array();
  try {
    return new Uint8Array(await file.slice(0, signBytes).arrayBuffer());
  } catch (error) {
    throw changed(error);
  }
}

function changed(cause?: unknown): FermataError {
  return new FermataError("INVALID_INPUT", changedMessage, { cause });
}

function fileSystem(): FileSystem | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule?.("node:fs") as FileSystem | undefined;
}
