import { createHash, randomBytes } from "node:crypto";
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
    await mkdir(dir).catch((error) => {
      if (!isCode(error, "ENOENT")) throw error;
      return mkdir(dir, { recursive: true });
    });
    this.#swept ??= this.#sweepTemp();
    return dir;
  }

  /**
   * @param tempDir forced to the disk with all that is in it
   * @returns false where something lies in the place already
   */
  async publish(tempDir: string, place: string): Promise<boolean> {
    const parent = dirname(place);
    let firstMade: string | undefined;
    try {
      await rename(tempDir, place).catch(async (error) => {
        if (!isCode(error, "ENOENT")) throw error;
        firstMade = await mkdir(parent, { recursive: true });
        await rename(tempDir, place);
      });
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

export interface WriteBounds {
  /** More is PAYLOAD_TOO_LARGE. */
  maxBytes?: number;
  /** Base64; other bytes are CHECKSUM_MISMATCH. The empty string wants none, and null does not even have it computed. */
  md5?: string | null;
}

/** Writes a new file through to the disk. */
export async function writeFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  bounds?: WriteBounds,
): Promise<WrittenFile> {
  const { flush, ...written } = await writeDraft(path, body, bounds);
  await flush();
  return written;
}

/** Writes a new file, which `flush` must force to the disk and close: other work can be done meanwhile. */
export async function writeDraft(
  path: string,
  body: AsyncIterable<Uint8Array>,
  { maxBytes = Number.POSITIVE_INFINITY, md5: expectedMd5 = "" }: WriteBounds = {},
): Promise<WrittenFile & { flush(): Promise<void> }> {
  const file = await open(path, "wx");
  const hash = expectedMd5 === null ? null : createHash("md5");
  const writer = new BatchWriter(file);
  let md5: Buffer;
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw new AppError("PAYLOAD_TOO_LARGE", { limitBytes: maxBytes });
      hash?.update(chunk);
      await writer.add(chunk);
    }
    await writer.end();
    // Whoever wants none has something else that tells versions apart.
    md5 = hash?.digest() ?? randomBytes(16);
    if (expectedMd5 && md5.toString("base64") !== expectedMd5) {
      throw new AppError("CHECKSUM_MISMATCH", { algorithm: "md5" });
    }
  } catch (error) {
    await writer.settled();
    await file.close();
    throw error;
  }
  const flush = () => file.sync().finally(() => file.close());
  return { sizeBytes, md5, flush };
}

/** All of them, whatever becomes of one: what a failure leaves behind is removed, and nothing may write to it by then. */
export async function all(works: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === "rejected") throw result.reason;
  }
}

/** Writes a few chunks by one call, while the next ones arrive. */
class BatchWriter {
  static readonly #batchBytes = 128 * 1024;
  readonly #file: FileHandle;
  #batch: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#batch.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= BatchWriter.#batchBytes) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Nothing is being written any more, whether it went well or not. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => {});
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length > 0) this.#writing = writeAll(this.#file, batch);
    // Whoever waits for it next hears of a failure; it must not count as unheard until then.
    this.#writing.catch(() => {});
  }
}

async function writeAll(file: FileHandle, chunks: Uint8Array[]): Promise<void> {
  const { bytesWritten } = await file.writev(chunks);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  if (bytesWritten === bytes) return;
  // A full disk may take a part of it and report the error at the next write.
  const rest = Buffer.concat(chunks);
  for (let at = bytesWritten; at < bytes; ) at += (await file.write(rest, at)).bytesWritten;
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
