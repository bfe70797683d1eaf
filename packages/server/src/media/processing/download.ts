import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { BucketName } from "../../ports/object-store";

/**
 * Lends the object as a file to whoever works on it: a picture of a hundred megabytes need not be in memory.
 * @throws AppError NOT_FOUND when the store has no such object
 */
export async function withDownload<T>(
  { objects }: Pick<Services, "objects">,
  { bucket, key }: { bucket: BucketName; key: string },
  work: (path: string) => Promise<T>,
): Promise<T> {
  const object = await objects.get(bucket, key);
  if (!object) throw new AppError("NOT_FOUND", { reason: "the store has no such object" });
  // The same stream: lib.dom and Node name its type apart.
  return withFile(Readable.fromWeb(object.body as NodeReadableStream<Uint8Array>), work);
}

/** Lends bytes as a file. */
export async function withFile<T>(
  bytes: Readable | Uint8Array,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "fermata-media-"));
  try {
    const path = join(dir, "original");
    await writeFile(path, bytes);
    return await work(path);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
