import type { Readable } from "node:stream";

/** Where a backup lies. Paths have slashes, and begin without one. */
export interface BackupPlace {
  /** For people. */
  readonly name: string;
  /** Whether what was written is read again for its hash; elsewhere that of the bytes as they were sent must do. */
  readonly isReadBack: boolean;
  /** The files below a folder of it, with their sizes in bytes. */
  sizes(folder: string): Promise<Map<string, number>>;
  /** Writes a file whole or not at all, over what stood there. */
  write(path: string, body: Readable): Promise<void>;
  /** Null where there is none. */
  read(path: string): Promise<Readable | null>;
  remove(path: string): Promise<void>;
}

export async function readText(place: BackupPlace, path: string): Promise<string | null> {
  const body = await place.read(path);
  if (!body) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
