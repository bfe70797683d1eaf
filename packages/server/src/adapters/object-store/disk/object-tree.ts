import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../../errors";
import type { BucketName } from "../../../ports/object-store";
import { newId } from "../../../secrets";

/** Keys come from the server; this keeps a forged one from naming a path. */
const safeName = /^[A-Za-z0-9_-]{1,128}$/;

export function isSafeName(name: string): boolean {
  return safeName.test(name);
}

export interface WrittenFile {
  sizeBytes: number;
  md5: Buffer;
}

/**
 * Directories that appear whole or not at all. One object is one directory: it is filled under `tmp/`, forced to the
 * disk, and renamed to its place, which fails where something lies already.
 */
export class ObjectTree {
  readonly #root: string;
  #swept: Promise<void> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  objectDir(bucket: BucketName, key: string): string {
    return join(this.#root, "objects", bucket, fanOut(key), checked(key));
  }

  bucketDir(bucket: BucketName): string {
    return join(this.#root, "objects", bucket);
  }

  /** All multipart uploads of a key. */
  uploadsDir(bucket: BucketName, key: string): string {
    return join(this.#root, "uploads", bucket, fanOut(key), checked(key));
  }

  uploadDir(bucket: BucketName, key: string, uploadId: string): string {
    return join(this.uploadsDir(bucket, key), checked(uploadId));
  }

  /** A fresh directory in the same file system as the rest. */
  async makeTemp(): Promise<string> {
    const dir = join(this.#root, "tmp", newId());
    await mkdir(dir, { recursive: true });
    this.#swept ??= this.#sweepTemp();
    return dir;
  }

  /** @returns false where something lies in the place already */
  async publish(tempDir: string, place: string): Promise<boolean> {
    await syncDir(tempDir);
    const parent = dirname(place);
    const firstMade = await mkdir(parent, { recursive: true });
    try {
      await rename(tempDir, place);
    } catch (error) {
      // Systems differ in how they say that something is in the way.
      if (!isCode(error, "ENOENT") && (await stat(place).catch(() => null))) return false;
      throw error;
    }
    await syncDir(parent);
    if (firstMade) await syncDir(dirname(firstMade));
    return true;
  }

  /** Gone for readers at once, then removed. What is not there is success. */
  async remove(dir: string): Promise<void> {
    const trash = join(await this.makeTemp(), "gone");
    try {
      await rename(dir, trash);
      await syncDir(dirname(dir));
    } catch (error) {
      if (!isCode(error, "ENOENT", "ENOTDIR")) throw error;
    } finally {
      await rm(dirname(trash), { recursive: true, force: true });
    }
  }

  /** What a killed process left in `tmp/`. Uploads take hours at most, so what is a day old is nobody's. */
  async #sweepTemp(): Promise<void> {
    const tmp = join(this.#root, "tmp");
    for (const name of await readdir(tmp).catch(() => [])) {
      const found = await stat(join(tmp, name)).catch(() => null);
      if (found && Date.now() - found.mtimeMs > 86_400_000) {
        await rm(join(tmp, name), { recursive: true, force: true }).catch(() => {});
      }
    }
  }
}

/** Writes a new file through to the disk. @param maxBytes more is PAYLOAD_TOO_LARGE */
export async function writeFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<WrittenFile> {
  const file = await open(path, "wx");
  const md5 = createHash("md5");
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw new AppError("PAYLOAD_TOO_LARGE", { limitBytes: maxBytes });
      await writeChunk(file, md5, chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, md5: md5.digest() };
}

async function writeChunk(file: FileHandle, md5: Hash, chunk: Uint8Array): Promise<void> {
  const write = file.write(chunk);
  md5.update(chunk);
  // A full disk may take a part of it and report the error at the next write.
  for (let at = (await write).bytesWritten; at < chunk.byteLength; ) {
    at += (await file.write(chunk, at)).bytesWritten;
  }
}

/** Opens without following a link, so that nothing outside the tree is ever read. */
export function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
}

export async function syncDir(dir: string): Promise<void> {
  // Windows cannot open directories; its renames need no such help.
  if (process.platform === "win32") return;
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException | null)?.code ?? "");
}

/** Keeps directories small: 4,096 of them below a bucket. */
function fanOut(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 3);
}

function checked(name: string): string {
  if (!isSafeName(name)) throw new AppError("INVALID_INPUT", { reason: "not a key of this store" });
  return name;
}
