import { close, closeSync, fsync, open, openSync, write, writev } from "node:fs";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";

const openFd = promisify(open);
const closeFd = promisify(close);
const forceFd = promisify(fsync);
const writePart = promisify(write);
const writeParts = promisify(writev);

/** Writes a new file from memory, which `flush` must force to the disk and close. On failure nothing is left of it. */
export async function writeNew(
  path: string,
  parts: Uint8Array[],
): Promise<{ flush(): Promise<void> }> {
  const fd = await openFd(path, "wx");
  try {
    const { bytesWritten } = await writeParts(fd, parts);
    const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
    // A full disk may take a part of it and report the error at the next write.
    const rest = bytesWritten < bytes ? Buffer.concat(parts) : null;
    for (let at = bytesWritten; rest && at < bytes; ) {
      at += (await writePart(fd, rest, at)).bytesWritten;
    }
  } catch (error) {
    await closeFd(fd);
    await rm(path, { force: true });
    throw error;
  }
  return { flush: () => forceAndClose(fd) };
}

/** Forces the names in a directory, which was just written to, to the disk. */
export async function syncDir(dir: string): Promise<void> {
  // Windows cannot open directories; its renames need no such help.
  if (process.platform === "win32") return;
  await forceAndClose(openSync(dir, "r"));
}

/** What was just used is opened, and what is on the disk is closed, without a wait: a thread to do it would cost more. */
async function forceAndClose(fd: number): Promise<void> {
  try {
    await forceFd(fd);
  } finally {
    closeSync(fd);
  }
}
