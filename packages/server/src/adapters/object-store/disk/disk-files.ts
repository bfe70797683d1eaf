import { createHash } from "node:crypto";
import { link, lstat, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BytePatch, patchStream } from "../../../bytes/byte-patches";
import { AppError } from "../../../ground/errors";
import { newId } from "../../../ground/secrets";
import type {
  BucketName,
  CompletedPart,
  ListedObject,
  ObjectInfo,
} from "../../../ports/object-store";
import { isCode } from "./is-code";
import { dropFormer, keepDraft, keptBytes, takeKept } from "./kept-part";
import { fillDraft, isSafeName, ObjectTree, type WriteBounds, writeFile } from "./object-tree";
import { endedEarly, type PartBounds, partFile, writePartFile } from "./part-file";
import {
  endingOf,
  type ObjectFacts,
  readJson,
  readMeta,
  readObject,
  type StoredObject,
  wholeFile,
  writeMeta,
} from "./stored-object";
import { syncDir } from "./write-through";

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
/** The disk takes this much of a body while more of it arrives, so that little is left to wait for in the end. */
const earlyBytes = 1024 * 1024;

/** Objects and multipart uploads as files. Whatever it answers is on the disk. */
export class DiskFiles {
  readonly #tree: ObjectTree;

  constructor(root: string) {
    this.#tree = new ObjectTree(root);
  }

  /** What somebody may read as soon as it has its name. @returns null where the key is taken */
  async create(
    bucket: BucketName,
    key: string,
    body: AsyncIterable<Uint8Array>,
    facts: ObjectFacts,
    bounds: WriteBounds,
  ): Promise<StoredObject | null> {
    const place = this.#tree.objectDir(bucket, key);
    return heard(async () => {
      const { path, object, flush } = await this.#writeDraft(body, facts, bounds);
      try {
        await flush();
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      return (await this.#tree.publishFile(path, place)) ? object : null;
    });
  }

  /**
   * What nobody reads before it is told of: its name and its bytes go to the disk together.
   * @param hashed the ETag is to be the MD5, which most callers can do without
   * @returns null where the key is taken
   */
  async put(
    bucket: BucketName,
    key: string,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    facts: ObjectFacts,
    hashed = false,
  ): Promise<StoredObject | null> {
    const place = this.#tree.objectDir(bucket, key);
    return heard(async () => {
      if (body instanceof Uint8Array) return this.#putWhole(place, body, facts, hashed);
      // Most callers have a checksum of their own: another would cost as much again.
      const bounds = { md5: hashed ? "" : null, earlyBytes };
      const draft = await this.#writeDraft(body, facts, bounds);
      const isOurs = await this.#tree.publishFile(draft.path, place, draft.flush);
      return isOurs ? draft.object : null;
    });
  }

  async #writeDraft(body: AsyncIterable<Uint8Array>, facts: ObjectFacts, bounds: WriteBounds) {
    const { path, file } = await this.#tree.openDraft();
    try {
      const { sizeBytes, md5, flush } = await fillDraft(file, body, bounds, (written) =>
        endingOf({ ...facts, etag: etagOf(written.md5) }),
      );
      return { path, flush, object: wholeObject(facts, etagOf(md5), sizeBytes) };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async #putWhole(place: string, bytes: Uint8Array, facts: ObjectFacts, hashed: boolean) {
    const etag = hashed ? etagOf(createHash("md5").update(bytes).digest()) : `"${newId()}"`;
    const isOurs = await this.#tree.createFile(place, [bytes, endingOf({ ...facts, etag })]);
    return isOurs ? wholeObject(facts, etag, bytes.byteLength) : null;
  }

  async read(bucket: BucketName, key: string) {
    const dir = this.#tree.objectDir(bucket, key);
    const object = await readMeta(dir);
    return object && { dir, object };
  }

  /** Hard links: no byte is written twice. @returns whether the object is there now */
  async copy(from: BucketName, to: BucketName, key: string): Promise<boolean> {
    const source = await this.read(from, key);
    try {
      if (source) {
        await heard(() => this.#link(source, this.#tree.objectDir(to, key)));
        return true;
      }
    } catch (error) {
      // Unless it was deleted since it was looked at.
      if ((await this.read(from, key)) !== null) throw error;
    }
    return (await this.read(to, key)) !== null;
  }

  async #link(source: { dir: string; object: StoredObject & { modifiedAt: Date } }, place: string) {
    const { dir, object: found } = source;
    if (found.segments[0]?.file === wholeFile) return this.#tree.copyFile(dir, place);
    const { modifiedAt: _, ...object } = found;
    return this.#inTemp(async (temp) => {
      for (const { file } of object.segments) await link(join(dir, file), join(temp, file));
      await writeMeta(temp, object);
      return this.#tree.publish(temp, place);
    });
  }

  /** Written anew: the source may be another link to the same bytes. */
  async copyPatched(
    from: BucketName,
    to: BucketName,
    key: string,
    patches: BytePatch[],
  ): Promise<ObjectInfo | null> {
    const source = await this.read(from, key);
    if (!source) return null;
    const { contentType, contentDisposition, label } = source.object;
    const facts = {
      contentType,
      ...(contentDisposition && { contentDisposition }),
      ...(label && { label }),
    };
    const body = patchStream(readObject(source.dir, source.object), patches);
    return heard(async () => {
      const { path, object, flush } = await this.#writeDraft(body, facts, { earlyBytes });
      try {
        await flush();
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      const place = this.#tree.objectDir(to, key);
      await this.#tree.removeObject(place);
      await this.#tree.publishFile(path, place);
      const { etag, sizeBytes } = object;
      return { etag, sizeBytes, contentType };
    });
  }

  async delete(bucket: BucketName, key: string): Promise<void> {
    await heard(() => this.#tree.removeObject(this.#tree.objectDir(bucket, key)));
    // An upload whose creator died before anybody knew its id goes the same way.
    const uploads = this.#tree.uploadsDir(bucket, key);
    if (await stat(uploads).catch(() => null)) await this.#tree.remove(uploads);
  }

  async list(bucket: BucketName, page: { cursor?: string; limit: number }) {
    const root = this.#tree.bucketDir(bucket);
    // A cursor is the path of the last key: its fan-out directory and itself.
    const [afterFan = "", afterKey = ""] = page.cursor?.split("/") ?? [];
    const items: ListedObject[] = [];
    let last = "";
    for (const fan of (await namesIn(root)).filter((name) => name >= afterFan)) {
      for (const key of await namesIn(join(root, fan))) {
        if (fan === afterFan && key <= afterKey) continue;
        if (items.length === page.limit) return { items, nextCursor: last };
        const found = await listedAt(join(root, fan, key));
        if (!found) continue;
        items.push({ key, ...found });
        last = `${fan}/${key}`;
      }
    }
    return { items, nextCursor: null };
  }

  async readMark(): Promise<string | null> {
    return heard(() => this.#tree.readMark());
  }

  async writeMark(text: string): Promise<void> {
    await heard(() => this.#tree.writeMark(text));
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

  /** Open uploads in the order of their paths; a cursor is the path of the last one. */
  async listUploads(bucket: BucketName, page: { cursor?: string; limit: number }) {
    const root = this.#tree.allUploadsDir(bucket);
    const [afterFan = "", afterKey = "", afterId = ""] = page.cursor?.split("/") ?? [];
    const items: { key: string; uploadId: string; startedAt: Date }[] = [];
    let last = "";
    for (const fan of (await namesIn(root)).filter((name) => name >= afterFan)) {
      for (const key of await namesIn(join(root, fan))) {
        if (fan === afterFan && key < afterKey) continue;
        for (const uploadId of await namesIn(join(root, fan, key))) {
          if (fan === afterFan && key === afterKey && uploadId <= afterId) continue;
          if (items.length === page.limit) return { items, nextCursor: last };
          // It may end meanwhile.
          const found = await stat(join(root, fan, key, uploadId, uploadFile)).catch(() => null);
          if (!found) continue;
          items.push({ key, uploadId, startedAt: found.mtime });
          last = `${fan}/${key}/${uploadId}`;
        }
      }
    }
    return { items, nextCursor: null };
  }

  async hasUpload(ref: UploadRef): Promise<boolean> {
    if (!isSafeName(ref.uploadId)) return false;
    const dir = this.#tree.uploadDir(ref.bucket, ref.key, ref.uploadId);
    return (await readJson(join(dir, uploadFile))) !== null;
  }

  /** How many bytes of a part arrived before its connection was cut. */
  async keptBytes(ref: PartRef, as: string): Promise<number> {
    const dir = this.#tree.uploadDir(ref.bucket, ref.key, ref.uploadId);
    return heard(() => keptBytes(dir, { partNumber: Number(ref.partNumber), checksum: as }));
  }

  /**
   * @param held.as by what the bytes are known that stay when the body ends early
   * @param held.heldBytes how many stayed the last time: the body goes on behind them
   * @throws AppError CONFLICT where another number of bytes is kept
   */
  async writePart(
    ref: PartRef,
    body: AsyncIterable<Uint8Array>,
    bounds: PartBounds,
    { as, heldBytes }: { as: string; heldBytes: number },
  ): Promise<PartReceipt> {
    const { bucket, key, uploadId } = ref;
    const partNumber = Number(ref.partNumber);
    const dir = this.#tree.uploadDir(bucket, key, uploadId);
    const kept = { partNumber, checksum: as };
    // What a killed process leaves of it goes with the upload: a completed one keeps only the parts that were named.
    const draft = join(dir, `draft-${newId()}`);
    return heard(async () => {
      try {
        const isTaken = heldBytes === 0 || (await takeKept(dir, kept, draft, heldBytes));
        if (!isTaken) throw otherOffset();
        const { sizeBytes, checksum } = await writePartFile(draft, body, bounds, heldBytes);
        const part = { partNumber, checksum };
        await rename(draft, join(dir, partFile(part)));
        await dropFormer(dir, part);
        await syncDir(dir);
        return { bucket, key, uploadId, partNumber, sizeBytes, etag: `"${checksum}"` };
      } catch (error) {
        if (isCode(error, "ENOENT")) throw noSuchUpload();
        if (endedEarly(error)) await keepDraft(dir, kept, draft).catch(ignoreGone);
        else await rm(draft, { force: true });
        throw error;
      }
    });
  }

  async completeUpload(ref: UploadRef, parts: CompletedPart[]): Promise<StoredObject> {
    const dir = this.#tree.uploadDir(ref.bucket, ref.key, ref.uploadId);
    const facts = await readJson<ObjectFacts>(join(dir, uploadFile));
    if (!facts) throw noSuchUpload();

    const digest = createHash("md5");
    const segments: StoredObject["segments"] = [];
    for (const { partNumber, etag } of [...parts].sort((a, b) => a.partNumber - b.partNumber)) {
      const checksum = etag.replaceAll('"', "");
      const file = partFile({ partNumber, checksum });
      const isOurs = /^([0-9a-f]{32}){1,2}$/.test(checksum);
      const found = isOurs && (await stat(join(dir, file)).catch(() => null));
      // Another completion may have moved the whole upload away meanwhile.
      if (!found && !(await this.hasUpload(ref))) throw noSuchUpload();
      if (!found) throw new AppError("UPLOAD_INCOMPLETE", { partNumber });
      segments.push({ file, sizeBytes: found.size });
      digest.update(Buffer.from(checksum, "hex"));
    }
    const object: StoredObject = {
      contentType: facts.contentType,
      ...(facts.contentDisposition && { contentDisposition: facts.contentDisposition }),
      ...(facts.label && { label: facts.label }),
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

  async #inTemp<T>(work: (temp: string) => Promise<T>): Promise<T> {
    return heard(async () => {
      const temp = await this.#tree.makeTemp();
      try {
        return await work(temp);
      } finally {
        await rm(temp, { recursive: true, force: true });
      }
    });
  }
}

/** What a system says of a disk that is full, broken, read-only, shut, or not there. */
const unusable = [
  "ENOSPC",
  "EDQUOT",
  "EIO",
  "EROFS",
  "EMFILE",
  "ENFILE",
  "EACCES",
  "EPERM",
  "ENOTDIR",
  "ENOENT",
];

/** Says of a disk that is full or broken what is said of any store that cannot be reached. */
async function heard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCode(error, ...unusable)) {
      const details = { service: "object store", reason: (error as NodeJS.ErrnoException).code };
      throw new AppError("UPSTREAM_UNAVAILABLE", details, undefined, { cause: error });
    }
    throw error;
  }
}

function etagOf(md5: Buffer): string {
  return `"${md5.toString("hex")}"`;
}

function wholeObject(facts: ObjectFacts, etag: string, sizeBytes: number): StoredObject {
  return { ...facts, etag, sizeBytes, segments: [{ file: wholeFile, sizeBytes }] };
}

function noSuchUpload(): AppError {
  return new AppError("NOT_FOUND", { reason: "no such upload" });
}

function otherOffset(): AppError {
  return new AppError("CONFLICT", { reason: "another number of bytes is kept" });
}

/** The upload ended meanwhile, and took everything along. */
function ignoreGone(error: unknown): void {
  if (!isCode(error, "ENOENT")) throw error;
}

/** @returns null for what is no object, nor a part of one */
async function listedAt(place: string): Promise<Omit<ListedObject, "key"> | null> {
  const object = await readMeta(place);
  if (object) return { sizeBytes: object.sizeBytes, modifiedAt: object.modifiedAt };
  const found = await lstat(place).catch(() => null);
  return found?.isFile() ? { sizeBytes: found.size, modifiedAt: found.ctime, isPart: true } : null;
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
