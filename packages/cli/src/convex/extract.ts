import { createHash, randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { formatBytes } from "@fermata/contract/format";
import type { ArchivedFile } from "./convex-archive";
import { UnusableFile, unreadable } from "./unusable-file";

/** Reads a file to its end and holds it against its document. Memory stays flat. */
export async function verify(
  file: ArchivedFile,
  bytes: Readable,
  keep?: (chunk: Buffer) => unknown,
) {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    for await (const chunk of bytes) {
      sizeBytes += chunk.length;
      // The archive says how large it is, and so does the document: whatever goes on beyond is a trap.
      if (sizeBytes > file.sizeBytes) break;
      hash.update(chunk);
      await keep?.(chunk);
    }
  } catch (error) {
    throw unreadable(error);
  }
  if (sizeBytes !== file.sizeBytes) {
    throw new UnusableFile(
      `its size is not the ${file.sizeBytes} bytes that Convex recorded; the archive is damaged`,
    );
  }
  if (hash.digest("hex") !== file.sha256) {
    throw new UnusableFile(
      "its SHA-256 is not the one that Convex recorded; the archive is damaged",
    );
  }
}

/** Into memory: for files that are small by their limit. */
export async function toMemory(file: ArchivedFile, bytes: Readable, type: string): Promise<File> {
  const chunks: Buffer[] = [];
  await verify(file, bytes, (chunk) => chunks.push(chunk));
  return new File([Buffer.concat(chunks)], file.filename, { type });
}

/** What stays free on the disk when large files pass over it. */
const spareBytes = 256 * 1024 * 1024;

/** Through a file in `dir`, deleted when `use` is done with it. */
export async function throughDisk<T>(
  file: ArchivedFile,
  bytes: Readable,
  { dir, type }: { dir: string; type: string },
  use: (blob: Blob) => Promise<T>,
): Promise<T> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < file.sizeBytes + spareBytes) {
    bytes.destroy();
    throw new UnusableFile(
      `it passes through ${dir}, which has no room for ${formatBytes(file.sizeBytes)}; set TMPDIR to a folder that has`,
    );
  }
  // Named by us: nothing of the archive becomes a path, and files of equal bytes are on their way at once.
  const path = join(dir, randomUUID());
  const handle = await open(path, "w", 0o600);
  try {
    await verify(file, bytes, async (chunk) => {
      await handle.appendFile(chunk).catch(({ message }: Error) => {
        throw new UnusableFile(`it passes through ${dir}, which takes no more: ${message}`);
      });
    });
    await handle.close();
    return await use(await openAsBlob(path, { type }));
  } finally {
    await handle.close().catch(() => {});
    await rm(path, { force: true });
  }
}
