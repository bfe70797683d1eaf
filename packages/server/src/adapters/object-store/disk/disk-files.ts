import { createHash } from "node:crypto";
import { link, lstat, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type BytePatch, patchStream } from "../../../bytes/byte-patches";
import { newId } from "../../../ground/secrets";
import type {
  BucketName,
  ListedObject,
  ObjectInfo,
  PartChecksum,
} from "../../../ports/object-store";
import { fillDraft, type WriteBounds } from "./fill-draft";
import { heard } from "./heard";
import { namesIn } from "./names-in";
import type { ObjectTree } from "./object-tree";
import {
  endingOf,
  type ObjectFacts,
  readMeta,
  readObject,
  type StoredObject,
  wholeFile,
  writeMeta,
} from "./stored-object";

/** The disk takes this much of a body while more of it arrives, so that little is left to wait for in the end. */
const earlyBytes = 1024 * 1024;

/** Objects as files. Whatever it answers is on the disk. */
export class DiskFiles {
  readonly #tree: ObjectTree;

  constructor(tree: ObjectTree) {
    this.#tree = tree;
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
   * @param hashed the checksum that the ETag is to be, which most callers can do without
   * @returns null where the key is taken
   */
  async put(
    bucket: BucketName,
    key: string,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    facts: ObjectFacts,
    hashed: PartChecksum | null = null,
  ): Promise<StoredObject | null> {
    const place = this.#tree.objectDir(bucket, key);
    return heard(async () => {
      if (body instanceof Uint8Array) return this.#putWhole(place, body, facts, hashed);
      // Most callers have a checksum of their own: another would cost as much again.
      const bounds = { md5: hashed ? "" : null, ...(hashed && { algorithm: hashed }), earlyBytes };
      const draft = await this.#writeDraft(body, facts, bounds);
      const isOurs = await this.#tree.publishFile(draft.path, place, draft.flush);
      return isOurs ? draft.object : null;
    });
  }

  async #writeDraft(body: AsyncIterable<Uint8Array>, facts: ObjectFacts, bounds: WriteBounds) {
    const { path, file } = await this.#tree.openDraft();
    try {
      const { sizeBytes, checksum, flush } = await fillDraft(file, body, bounds, (written) =>
        endingOf({ ...facts, etag: etagOf(written.checksum) }),
      );
      return { path, flush, object: wholeObject(facts, etagOf(checksum), sizeBytes) };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async #putWhole(
    place: string,
    bytes: Uint8Array,
    facts: ObjectFacts,
    hashed: PartChecksum | null,
  ) {
    const etag = hashed ? etagOf(createHash(hashed).update(bytes).digest()) : `"${newId()}"`;
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
    return this.#tree.withTemp(async (temp) => {
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
}

function etagOf(checksum: Buffer): string {
  return `"${checksum.toString("hex")}"`;
}

function wholeObject(facts: ObjectFacts, etag: string, sizeBytes: number): StoredObject {
  return { ...facts, etag, sizeBytes, segments: [{ file: wholeFile, sizeBytes }] };
}

/** @returns null for what is no object, nor a part of one */
async function listedAt(place: string): Promise<Omit<ListedObject, "key"> | null> {
  const object = await readMeta(place);
  if (object) return { sizeBytes: object.sizeBytes, modifiedAt: object.modifiedAt };
  const found = await lstat(place).catch(() => null);
  return found?.isFile() ? { sizeBytes: found.size, modifiedAt: found.ctime, isPart: true } : null;
}
