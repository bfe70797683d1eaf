import { type FileHandle, rename } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../ground/errors";
import { newId } from "../../../ground/secrets";
import type { ByteRange, ObjectInfo } from "../../../ports/object-store";
import { isCode } from "./is-code";
import { openFile } from "./object-tree";
import { syncDir, writeNew } from "./write-through";

export interface ObjectFacts {
  contentType: string;
  contentDisposition?: string;
  label?: string;
}

/** What is known of an object. Its bytes are the segments, one after the other. */
export interface StoredObject extends ObjectInfo, ObjectFacts {
  segments: { file: string; sizeBytes: number }[];
}

const metaFile = "meta.json";
/** The one segment of an object that is itself a file. */
export const wholeFile = ".";
const chunkBytes = 512 * 1024;

/** Writes it, and forces it to the disk under its name: whole, or not at all. */
export async function writeMeta(dir: string, object: StoredObject): Promise<void> {
  const draft = join(/* turbopackIgnore: true */ dir, `meta-${newId()}`);
  const { flush } = await writeNew(draft, [Buffer.from(JSON.stringify(object))]);
  await flush();
  await rename(draft, join(/* turbopackIgnore: true */ dir, metaFile));
  await syncDir(dir);
}

/**
 * What stands behind the bytes of an object that is one file: its facts as JSON, how long those are, and a mark. So an
 * object that was put whole costs one file to make, to force to the disk and to delete.
 */
export function endingOf(object: Omit<ObjectFile, "sizeBytes">) {
  const { contentType, contentDisposition, etag, label } = object;
  const facts = Buffer.from(JSON.stringify({ contentType, contentDisposition, etag, label }));
  const ending = Buffer.alloc(facts.length + 4 + mark.length);
  facts.copy(ending);
  ending.writeUInt32BE(facts.length, facts.length);
  mark.copy(ending, facts.length + 4);
  return ending;
}

type ObjectFile = ObjectInfo & ObjectFacts;
const mark = Buffer.from("fermata1");
/** As much as most endings have. */
const endingBytes = 512;

/** @param place a file with an ending, or a directory with a `meta.json` */
export async function readMeta(
  place: string,
): Promise<(StoredObject & { modifiedAt: Date }) | null> {
  let file: FileHandle;
  try {
    file = await openFile(place);
  } catch (error) {
    if (isCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw error;
  }
  try {
    const stats = await file.stat();
    if (stats.isFile()) {
      const object = await readEnding(file, stats.size);
      // Since it has its place: a copy is another link to the same file.
      return object && { ...object, modifiedAt: stats.ctime };
    }
  } finally {
    await file.close();
  }
  return readJson<StoredObject>(join(/* turbopackIgnore: true */ place, metaFile));
}

/** @returns null for what is no object of ours */
async function readEnding(file: FileHandle, fileBytes: number): Promise<StoredObject | null> {
  let ending = await readLast(file, fileBytes, endingBytes);
  const fixedBytes = 4 + mark.length;
  if (ending.length < fixedBytes || !ending.subarray(-mark.length).equals(mark)) return null;
  const factsBytes = ending.readUInt32BE(ending.length - fixedBytes);
  const wantedBytes = factsBytes + fixedBytes;
  if (wantedBytes > fileBytes) return null;
  if (wantedBytes > ending.length) ending = await readLast(file, fileBytes, wantedBytes);
  const facts = ending.subarray(ending.length - wantedBytes, ending.length - fixedBytes);
  const sizeBytes = fileBytes - wantedBytes;
  const said = JSON.parse(facts.toString()) as Omit<ObjectFile, "sizeBytes">;
  return { ...said, sizeBytes, segments: [{ file: wholeFile, sizeBytes }] };
}

async function readLast(file: FileHandle, fileBytes: number, bytes: number): Promise<Buffer> {
  const at = Math.max(0, fileBytes - bytes);
  const last = Buffer.allocUnsafe(fileBytes - at);
  const { bytesRead } = await file.read(last, 0, last.length, at);
  return last.subarray(0, bytesRead);
}

/** @returns null where there is no such file */
export async function readJson<T>(path: string): Promise<(T & { modifiedAt: Date }) | null> {
  let file: FileHandle;
  try {
    file = await openFile(path);
  } catch (error) {
    if (isCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw error;
  }
  try {
    const { mtime } = await file.stat();
    return { ...(JSON.parse(await file.readFile("utf8")) as T), modifiedAt: mtime };
  } finally {
    await file.close();
  }
}

/** `readObject` as a web stream. */
export function streamObject(
  dir: string,
  object: StoredObject,
  range?: ByteRange,
): ReadableStream<Uint8Array> {
  return streamChunks(readObject(dir, object, range));
}

export function streamChunks(
  chunks: AsyncGenerator<Uint8Array, undefined>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** The bytes of a range, read as they are asked for; at most one file is open at a time. */
export async function* readObject(
  dir: string,
  object: StoredObject,
  range: ByteRange = { start: 0, end: object.sizeBytes - 1 },
): AsyncGenerator<Uint8Array, undefined> {
  let offset = 0;
  for (const segment of object.segments) {
    const from = Math.max(range.start - offset, 0);
    const to = Math.min(range.end - offset, segment.sizeBytes - 1);
    offset += segment.sizeBytes;
    if (from > to) continue;
    const file = await openSegment(join(dir, segment.file));
    try {
      // One ahead: the disk reads while the network writes.
      let next = readAt(file, from, to);
      for (let position = from; position <= to; ) {
        const chunk = await next;
        // Ending quietly would pass a torn object off as a whole one.
        if (chunk.length === 0) throw new Error(`${segment.file} is shorter than its object says`);
        position += chunk.length;
        if (position <= to) {
          next = readAt(file, position, to);
          // A reader may go away before it is asked for.
          next.catch(() => {});
        }
        yield chunk;
      }
    } finally {
      await file.close();
    }
  }
  return undefined;
}

/** @throws AppError NOT_FOUND when the object was deleted since its facts were read */
async function openSegment(path: string): Promise<FileHandle> {
  try {
    return await openFile(path);
  } catch (error) {
    throw isCode(error, "ENOENT") ? new AppError("NOT_FOUND") : error;
  }
}

async function readAt(file: FileHandle, position: number, to: number): Promise<Uint8Array> {
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, to - position + 1));
  const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
  return chunk.subarray(0, bytesRead);
}
