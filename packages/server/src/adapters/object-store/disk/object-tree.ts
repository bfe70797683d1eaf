import { createHash } from "node:crypto";
import { constants } from "node:fs";
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../../ground/errors";
import { newId } from "../../../ground/secrets";
import type { BucketName } from "../../../ports/object-store";
import { isCode } from "./is-code";
import { makeDir } from "./make-dir";
import { syncDir, writeNew } from "./write-through";

/** Keys come from the server; this keeps a forged one from naming a path. */
const safeName = /^[A-Za-z0-9_-]{1,128}$/;

/** Of the key's hash, which names the directory below the bucket. */
export const fanOutChars = 2;

export function isSafeName(name: string): boolean {
  return safeName.test(name);
}

/**
 * Objects that appear whole or not at all. Each is one file, or one directory where it came in parts: it is filled under
 * `tmp/`, forced to the disk, and then given its place, which fails where something lies already. Only what is small and
 * not yet told of is made in its place, and counts as nothing without its ending.
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

  /** All multipart uploads of a bucket. */
  allUploadsDir(bucket: BucketName): string {
    return join(this.#root, "uploads", bucket);
  }

  /** All multipart uploads of a key. */
  uploadsDir(bucket: BucketName, key: string): string {
    return join(this.allUploadsDir(bucket), fanOut(key), checked(key));
  }

  uploadDir(bucket: BucketName, key: string, uploadId: string): string {
    return join(this.uploadsDir(bucket, key), checked(uploadId));
  }

  /** Whose this store is. */
  async readMark(): Promise<string | null> {
    try {
      return await readFile(this.#markPath, "utf8");
    } catch (error) {
      if (isCode(error, "ENOENT")) return null;
      throw error;
    }
  }

  async writeMark(text: string): Promise<void> {
    const { path, flush } = await this.writeDraft([Buffer.from(text)]);
    await flush();
    await rename(path, this.#markPath);
    await syncDir(this.#root);
  }

  get #markPath(): string {
    return join(this.#root, "installation.json");
  }

  /** Runs `work` with a fresh directory in the same file system as the rest, of which nothing stays that is not moved away. */
  async withTemp<T>(work: (temp: string) => Promise<T>): Promise<T> {
    const temp = await this.#makeTemp();
    try {
      return await work(temp);
    } finally {
      await rm(temp, { recursive: true, force: true });
    }
  }

  async #makeTemp(): Promise<string> {
    const dir = join(this.#root, "tmp", newId());
    await mkdir(dir).catch((error) => {
      if (!isCode(error, "ENOENT")) throw error;
      return makeDir(dir);
    });
    this.#swept ??= this.#sweepTemp();
    return dir;
  }

  /** A fresh file in the same file system as the rest. */
  async openDraft(): Promise<{ path: string; file: FileHandle }> {
    const path = this.#draftPath();
    return { path, file: await this.#inTmp(() => open(path, "wx")) };
  }

  /** A fresh file that holds these bytes, not yet forced to the disk. */
  async writeDraft(parts: Uint8Array[]): Promise<{ path: string; flush(): Promise<void> }> {
    const path = this.#draftPath();
    return { path, ...(await this.#inTmp(() => writeNew(path, parts))) };
  }

  /**
   * Gives a draft its place, under which it is known from then on, also after a loss of power. The draft is gone in any case.
   * @param flush forces the draft to the disk, where that was not done: at the same time as its name, so that the disk is
   * waited for once. Power that fails meanwhile may leave the name with a part of the bytes.
   * @returns false where something lies in the place already
   */
  async publishFile(
    draft: string,
    place: string,
    flush: () => Promise<void> = async () => {},
  ): Promise<boolean> {
    let changed: string[] | null = null;
    try {
      changed = await this.#link(draft, place);
    } finally {
      await all([flush(), unlink(draft), ...(changed ?? []).map(syncDir)]);
    }
    return changed !== null;
  }

  /**
   * A file under its name at once, forced to the disk with it. It is for what nobody reads before it is told of: a process
   * that is killed, or power that fails, may leave the name with a part of the bytes.
   * @returns false where something lies in the place already
   */
  async createFile(place: string, parts: Uint8Array[]): Promise<boolean> {
    const parent = dirname(place);
    let firstMade: string | undefined;
    try {
      const { flush } = await writeNew(place, parts).catch(async (error) => {
        if (!isCode(error, "ENOENT")) throw error;
        firstMade = await makeDir(parent);
        return writeNew(place, parts);
      });
      await all([flush(), ...[parent, ...(firstMade ? [dirname(firstMade)] : [])].map(syncDir)]);
      return true;
    } catch (error) {
      if (isCode(error, "EEXIST")) return false;
      throw error;
    }
  }

  /**
   * Gives a file another place beside its own.
   * @returns false where something lies in it already
   * @throws ENOENT where there is no such file
   */
  async copyFile(from: string, place: string): Promise<boolean> {
    const changed = await this.#link(from, place);
    await all((changed ?? []).map(syncDir));
    return changed !== null;
  }

  /**
   * @returns the directories whose names have changed, or null where something lies in the place already
   * @throws ENOENT where there is nothing to link
   */
  async #link(from: string, place: string): Promise<string[] | null> {
    const parent = dirname(place);
    // A rename of files would put one in the place of the other.
    const make = () => link(from, place);
    let firstMade: string | undefined;
    try {
      await make().catch(async (error) => {
        if (!isCode(error, "ENOENT")) throw error;
        firstMade = await makeDir(parent);
        // Once: where the directory is there, it is the source that is not.
        await make();
      });
    } catch (error) {
      if (isCode(error, "EEXIST")) return null;
      throw error;
    }
    return [parent, ...(firstMade ? [dirname(firstMade)] : [])];
  }

  #draftPath(): string {
    this.#swept ??= this.#sweepTemp();
    return join(this.#root, "tmp", newId());
  }

  /** With the directory of drafts there, whoever removed it. */
  async #inTmp<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isCode(error, "ENOENT")) throw error;
      await makeDir(join(this.#root, "tmp"));
      return work();
    }
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
        firstMade = await makeDir(parent);
        await rename(tempDir, place);
      });
    } catch (error) {
      // Systems differ in how they say that something is in the way.
      if (!isCode(error, "ENOENT") && (await stat(place).catch(() => null))) return false;
      throw error;
    }
    await all([parent, ...(firstMade ? [dirname(firstMade)] : [])].map(syncDir));
    return true;
  }

  /** An object, of one file or of many. What is not there is success. */
  async removeObject(place: string): Promise<void> {
    this.#swept ??= this.#sweepTemp();
    try {
      await unlink(place);
    } catch (error) {
      if (isCode(error, "ENOENT", "ENOTDIR")) return;
      // Systems differ in how they say that it is a directory.
      if (isCode(error, "EISDIR", "EPERM", "EACCES")) return this.remove(place);
      throw error;
    }
    await syncDir(dirname(place));
  }

  /** A directory, gone for readers at once, then removed. What is not there is success. */
  async remove(dir: string): Promise<void> {
    await this.withTemp(async (temp) => {
      try {
        await rename(dir, join(temp, "gone"));
        await syncDir(dirname(dir));
      } catch (error) {
        if (!isCode(error, "ENOENT", "ENOTDIR")) throw error;
      }
    });
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

/** All of them, whatever becomes of one: what a failure leaves behind is removed, and nothing may write to it by then. */
export async function all(works: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === "rejected") throw result.reason;
  }
}

/** Opens without following a link, so that nothing outside the tree is ever read. */
export function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
}

/** Keeps directories small: 256 of them below a bucket, which are soon all made. */
function fanOut(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, fanOutChars);
}

function checked(name: string): string {
  if (!isSafeName(name)) throw new AppError("INVALID_INPUT", { reason: "not a key of this store" });
  return name;
}
