import { createHash } from "node:crypto";
import { rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../../ground/errors";
import { newId } from "../../../ground/secrets";
import type { ReceivedPart } from "../../../ports/object-endpoint";
import type { BucketName, CompletedPart } from "../../../ports/object-store";
import { heard } from "./heard";
import { isCode } from "./is-code";
import { dropFormer, keepDraft, keptBytes, takeKept } from "./kept-part";
import { namesIn } from "./names-in";
import { all, isSafeName, type ObjectTree } from "./object-tree";
import { endedEarly, type PartBounds, partFile, writePartFile } from "./part-file";
import { type ObjectFacts, readJson, type StoredObject, writeMeta } from "./stored-object";
import { syncDir, writeNew } from "./write-through";

interface UploadRef {
  bucket: BucketName;
  key: string;
  uploadId: string;
}

interface PartRef extends UploadRef {
  partNumber: string;
}

const uploadFile = "upload.json";

/** Uploads in parts, each a directory that becomes the object. Whatever it answers is on the disk. */
export class DiskUploads {
  readonly #tree: ObjectTree;

  constructor(tree: ObjectTree) {
    this.#tree = tree;
  }

  async createUpload(bucket: BucketName, key: string, facts: ObjectFacts): Promise<string> {
    const uploadId = newId();
    const place = this.#tree.uploadDir(bucket, key, uploadId);
    await heard(() =>
      this.#tree.withTemp(async (temp) => {
        const { flush } = await writeNew(join(temp, uploadFile), [
          Buffer.from(JSON.stringify(facts)),
        ]);
        await all([flush(), syncDir(temp)]);
        await this.#tree.publish(temp, place);
      }),
    );
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
   * @param held.offset where the body begins, behind what stayed the last time; null where it is the part in any case
   * @throws OtherOffset where another number of bytes is kept
   */
  async writePart(
    ref: PartRef,
    body: AsyncIterable<Uint8Array>,
    bounds: PartBounds,
    { as, offset }: { as: string; offset: number | null },
  ): Promise<ReceivedPart> {
    const { bucket, key, uploadId } = ref;
    const partNumber = Number(ref.partNumber);
    const dir = this.#tree.uploadDir(bucket, key, uploadId);
    const kept = { partNumber, checksum: as };
    // What a killed process leaves of it goes with the upload: a completed one keeps only the parts that were named.
    const draft = join(dir, `draft-${newId()}`);
    return heard(async () => {
      try {
        if (offset !== null) await takeKept(dir, kept, draft, offset);
        const { sizeBytes, checksum } = await writePartFile(draft, body, bounds, offset ?? 0);
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

    const named = [...parts].sort((a, b) => a.partNumber - b.partNumber);
    const found = await Promise.all(named.map((part) => findPart(dir, part)));
    const digest = createHash("md5");
    const segments: StoredObject["segments"] = [];
    for (const [index, part] of found.entries()) {
      // Another completion may have moved the whole upload away meanwhile.
      if (!part && !(await this.hasUpload(ref))) throw noSuchUpload();
      if (!part) throw new AppError("UPLOAD_INCOMPLETE", { partNumber: named[index]?.partNumber });
      const { checksum, ...segment } = part;
      segments.push(segment);
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
    await heard(() => this.#publishUpload(dir, this.#tree.objectDir(ref.bucket, ref.key), object));
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
    try {
      await writeMeta(dir, object);
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
}

/** @returns null where there is no such part */
async function findPart(dir: string, { partNumber, etag }: CompletedPart) {
  const checksum = etag.replaceAll('"', "");
  if (!/^([0-9a-f]{32}){1,2}$/.test(checksum)) return null;
  const file = partFile({ partNumber, checksum });
  const found = await stat(join(dir, file)).catch(() => null);
  return found && { file, checksum, sizeBytes: found.size };
}

function noSuchUpload(): AppError {
  return new AppError("NOT_FOUND", { reason: "no such upload" });
}

/** The upload ended meanwhile, and took everything along. */
function ignoreGone(error: unknown): void {
  if (!isCode(error, "ENOENT")) throw error;
}

async function removeIfEmpty(dir: string): Promise<void> {
  await rmdir(dir).catch((error) => {
    if (!isCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "EPERM")) throw error;
  });
}
