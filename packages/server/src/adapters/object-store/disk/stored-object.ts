import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { ByteRange, ObjectInfo } from "../../../ports/object-store";
import { isCode, openFile, writeFile } from "./object-tree";

export interface ObjectFacts {
  contentType: string;
  contentDisposition?: string;
}

/** What stands in an object's `meta.json`. Its bytes are the segments, one after the other. */
export interface StoredObject extends ObjectInfo, ObjectFacts {
  segments: { file: string; sizeBytes: number }[];
}

const metaFile = "meta.json";
const chunkBytes = 256 * 1024;

export async function writeMeta(dir: string, object: StoredObject, file = metaFile): Promise<void> {
  await writeFile(
    join(/* turbopackIgnore: true */ dir, file),
    oneChunk(Buffer.from(JSON.stringify(object))),
  );
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

/** The bytes of a range, read as they are asked for; at most one file is open at a time. */
export function streamObject(
  dir: string,
  object: StoredObject,
  range: ByteRange = { start: 0, end: object.sizeBytes - 1 },
): ReadableStream<Uint8Array> {
  const chunks = readChunks(dir, object, range);
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

async function* readChunks(
  dir: string,
  object: StoredObject,
  range: ByteRange,
): AsyncGenerator<Uint8Array, undefined> {
  let offset = 0;
  for (const segment of object.segments) {
    const from = Math.max(range.start - offset, 0);
    const to = Math.min(range.end - offset, segment.sizeBytes - 1);
    offset += segment.sizeBytes;
    if (from > to) continue;
    const file = await openFile(join(dir, segment.file));
    try {
      for (let position = from; position <= to; ) {
        const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, to - position + 1));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
        // Ending quietly would pass a torn object off as a whole one.
        if (bytesRead === 0) throw new Error(`${segment.file} is shorter than its object says`);
        position += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }
  return undefined;
}

async function* oneChunk(bytes: Uint8Array) {
  yield bytes;
}
