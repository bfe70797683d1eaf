import { createHash } from "node:crypto";
import { link, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../../errors";
import type { BucketName, CompletedPart } from "../../../ports/object-store";
import { newId } from "../../../secrets";
import {
  all,
  isCode,
  isSafeName,
  ObjectTree,
  syncDir,
  type WriteBounds,
  writeDraft,
  writeFile,
} from "./object-tree";
import {
  type ObjectFacts,
  readJson,
  readMeta,
  type StoredObject,
  writeMeta,
} from "./stored-object";

export interface PartReceipt {
  bucket: BucketName;
  key: string;
  uploadId: string;
  partNumber: number;
  sizeBytes: number;
  etag: string;
}

interface UploadRef {
  bucket: BucketName;
  key: string;
  uploadId: string;
}

interface PartRef extends UploadRef {
  partNumber: string;
}

const uploadFile = "upload.json";

/** Objects and multipart uploads as files. Whatever it answers is on the disk. */
export class DiskFiles {
  readonly #tree: ObjectTree;

  constructor(root: string) {
    this.#tree = new ObjectTree(root);
  }

  /** @returns null where the key is taken */
  async create(
    bucket: BucketName,
    key: string,
    body: AsyncIterable<Uint8Array>,
    facts: ObjectFacts,
    bounds?: WriteBounds,
  ): Promise<StoredObject | null> {
    const place = this.#tree.objectDir(bucket, key);
    return this.#inTemp(async (temp, moved) => {
      const { sizeBytes, md5, flush } = await writeDraft(join(temp, "1"), body, bounds);
      const object: StoredObject = {
        ...facts,
        sizeBytes,
        etag: `"${md5.toString("hex")}"`,
        segments: [{ file: "1", sizeBytes }],
      };
      // The disk takes both at once, and is waited for once.
      await all([flush(), writeMeta(temp, object)]);
      if (!(await this.#tree.publish(temp, place))) return null;
      moved();
      return object;
    });
  }

  async read(bucket: BucketName, key: string) {
    const dir = this.#tree.objectDir(bucket, key);
    const object = await readMeta(dir);
    return object && { dir, object };
  }

  /** Hard links: no byte is written twice. */
  async copy(from: BucketName, to: BucketName, key: string): Promise<boolean> {
    const source = await this.read(from, key);
    if (!source) return (await this.read(to, key)) !== null;
    return this.#inTemp(async (temp) => {
      const { modifiedAt: _, ...object } = source.object;
      for (const { file } of object.segments) {
        await link(join(source.dir, file), join(temp, file));
      }
      await writeMeta(temp, object);
      await this.#tree.publish(temp, this.#tree.objectDir(to, key));
      return true;
    });
  }

  async delete(bucket: BucketName, key: string): Promise<void> {
    await this.#tree.remove(this.#tree.objectDir(bucket, key));
    // An upload whose creator died before anybody knew its id goes the same way.
    const uploads = this.#tree.uploadsDir(bucket, key);
    if (await stat(uploads).catch(() => null)) await this.#tree.remove(uploads);
  }

  async list(bucket: BucketName, page: { cursor?: string; limit: number }) {
    const root = this.#tree.bucketDir(bucket);
    // A cursor is the path of the last key: its fan-out directory and itself.
    const [afterFan = "", afterKey = ""] = page.cursor?.split("/") ?? [];
    const items: { key: string; sizeBytes: number; modifiedAt: Date }[] = [];
    let last = "";
    for (const fan of (await namesIn(root)).filter((name) => name >= afterFan)) {
      for (const key of await namesIn(join(root, fan))) {
        if (fan === afterFan && key <= afterKey) continue;
        if (items.length === page.limit) return { items, nextCursor: last };
        const object = await readMeta(join(root, fan, key));
        if (!object) continue;
        items.push({ key, sizeBytes: object.sizeBytes, modifiedAt: object.modifiedAt });
        last = `${fan}/${key}`;
      }
    }
    return { items, nextCursor: null };
  }

  async createUpload(bucket: BucketName, key: string, facts: ObjectFacts): Promise<string> {
    const uploadId = newId();
    await this.#inTemp(async (temp) => {
      await writeFile(join(temp, uploadFile), oneChunk(Buffer.from(JSON.stringify(facts))));
      await syncDir(temp);
      await this.#tree.publish(temp, this.#tree.uploadDir(bucket, key, uploadId));
    });
    return uploadId;
  }

  async hasUpload(ref: UploadRef): Promise<boolean> {
    if (!isSafeName(ref.uploadId)) return false;
    const dir = this.#tree.uploadDir(ref.bucket, ref.key, ref.uploadId);
    return (await readJson(join(dir, uploadFile))) !== null;
  }

  async writePart(
    ref: PartRef,
    body: AsyncIterable<Uint8Array>,
    bounds: WriteBounds,
  ): Promise<PartReceipt> {
    const { bucket, key, uploadId } = ref;
    const dir = this.#tree.uploadDir(bucket, key, uploadId);
    return this.#inTemp(async (temp) => {
      const { sizeBytes, md5 } = await writeFile(join(temp, "part"), body, bounds);
      const partNumber = Number(ref.partNumber);
      // The checksum is in the name: a part sent again cannot change one that was promised.
      const file = partFile(partNumber, md5.toString("hex"));
      try {
        await rename(join(temp, "part"), join(dir, file));
      } catch (error) {
        if (isCode(error, "ENOENT")) throw noSuchUpload();
        throw error;
      }
      await syncDir(dir);
      return { bucket, key, uploadId, partNumber, sizeBytes, etag: `"${md5.toString("hex")}"` };
    });
  }

  async completeUpload(ref: UploadRef, parts: CompletedPart[]): Promise<StoredObject> {
    const dir = this.#tree.uploadDir(ref.bucket, ref.key, ref.uploadId);
    const facts = await readJson<ObjectFacts>(join(dir, uploadFile));
    if (!facts) throw noSuchUpload();

    const digest = createHash("md5");
    const segments: StoredObject["segments"] = [];
    for (const { partNumber, etag } of [...parts].sort((a, b) => a.partNumber - b.partNumber)) {
      const md5 = etag.replaceAll('"', "");
      const file = partFile(partNumber, md5);
      const found = /^[0-9a-f]{32}$/.test(md5) && (await stat(join(dir, file)).catch(() => null));
      // Another completion may have moved the whole upload away meanwhile.
      if (!found && !(await this.hasUpload(ref))) throw noSuchUpload();
      if (!found) throw new AppError("UPLOAD_INCOMPLETE", { partNumber });
      segments.push({ file, sizeBytes: found.size });
      digest.update(Buffer.from(md5, "hex"));
    }
    const object: StoredObject = {
      contentType: facts.contentType,
      ...(facts.contentDisposition && { contentDisposition: facts.contentDisposition }),
      sizeBytes: segments.reduce((sum, segment) => sum + segment.sizeBytes, 0),
      etag: `"${digest.digest("hex")}-${segments.length}"`,
      segments,
    };
    await this.#publishUpload(dir, this.#tree.objectDir(ref.bucket, ref.key), object);
    return object;
  }

  async abortUpload({ bucket, key, uploadId }: UploadRef): Promise<void> {
    if (!isSafeName(uploadId)) return;
    const dir = this.#tree.uploadDir(bucket, key, uploadId);
    await this.#tree.remove(dir);
    await removeIfEmpty(dirname(dir));
  }

  /** The directory of parts becomes the object: nothing is copied, however large it is. */
  async #publishUpload(dir: string, place: string, object: StoredObject): Promise<void> {
    const draft = `meta-${newId()}`;
    try {
      await writeMeta(dir, object, draft);
      await rename(join(dir, draft), join(dir, "meta.json"));
      await syncDir(dir);
      if (!(await this.#tree.publish(dir, place))) {
        throw new AppError("CONFLICT", { reason: "the object exists" });
      }
    } catch (error) {
      // Another completion, or an abort, was first.
      if (isCode(error, "ENOENT")) throw noSuchUpload();
      throw error;
    }
    await removeIfEmpty(dirname(dir));
    const kept = new Set(["meta.json", ...object.segments.map((segment) => segment.file)]);
    for (const name of await namesIn(place)) {
      if (!kept.has(name)) await rm(join(place, name), { force: true });
    }
  }

  /** @param work calls `moved` when the directory has become something else: there is nothing to remove */
  async #inTemp<T>(work: (temp: string, moved: () => void) => Promise<T>): Promise<T> {
    const temp = await this.#tree.makeTemp();
    let isThere = true;
    try {
      return await work(temp, () => {
        isThere = false;
      });
    } catch (error) {
      if (isCode(error, "ENOSPC", "EDQUOT", "EIO", "EROFS", "EMFILE", "ENFILE", "EACCES")) {
        const details = { service: "object store" };
        throw new AppError("UPSTREAM_UNAVAILABLE", details, undefined, { cause: error });
      }
      throw error;
    } finally {
      if (isThere) await rm(temp, { recursive: true, force: true });
    }
  }
}

function noSuchUpload(): AppError {
  return new AppError("NOT_FOUND", { reason: "no such upload" });
}

function partFile(partNumber: number, md5Hex: string): string {
  return `part-${partNumber}-${md5Hex}`;
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

async function removeIfEmpty(dir: string): Promise<void> {
  await rmdir(dir).catch((error) => {
    if (!isCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "EPERM")) throw error;
  });
}

async function* oneChunk(bytes: Uint8Array) {
  yield bytes;
}
