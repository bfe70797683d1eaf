import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../errors";
import type { ByteRange, ObjectInfo } from "../../../ports/object-store";
import { all, isCode, openFile, syncDir, writeDraft } from "./object-tree";

export interface ObjectFacts {
  contentType: string;
  contentDisposition?: string;
}

/** What stands in an object's `meta.json`. Its bytes are the segments, one after the other. */
export interface StoredObject extends ObjectInfo, ObjectFacts {
  segments: { file: string; sizeBytes: number }[];
}

const metaFile = "meta.json";
const chunkBytes = 512 * 1024;

/** Writes it, and forces it and the directory's list of names to the disk. */
export async function writeMeta(dir: string, object: StoredObject, file = metaFile): Promise<void> {
  const { flush } = await writeDraft(
    join(/* turbopackIgnore: true */ dir, file),
    oneChunk(Buffer.from(JSON.stringify(object))),
    { md5: null },
  );
  await all([flush(), syncDir(dir)]);
}

export async function readMeta(dir: string): Promise<(StoredObject & { modifiedAt: Date }) | null> {
  return readJson<StoredObject>(join(/* turbopackIgnore: true */ dir, metaFile));
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

async function* oneChunk(bytes: Uint8Array) {
  yield bytes;
}
