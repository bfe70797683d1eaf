import { randomBytes } from "node:crypto";
import { Ailment, type Diagnosis, diagnosis } from "fermata/internal";
import { explainStoreFailure, noStore } from "./explain-store-failure";
import type { Objects, S3Settings } from "./s3-settings";

const buckets = ["files", "media-public", "media-private"] as const;

/** Writes, reads and deletes a small object in each bucket. */
export function checkStore(objects: Objects, s3: S3Settings | null): Promise<Diagnosis[]> {
  return Promise.all(
    buckets.map((bucket) =>
      diagnosis(
        `store, ${bucket}`,
        s3
          ? "Check the S3_* variables: the endpoint, the bucket's name, and that the key may read, write and delete there."
          : "Check that the folder FERMATA_DATA can be written, and that the disk is not full.",
        () =>
          inTime(tryObject(objects, bucket, s3)).catch((error: unknown) => {
            throw s3 ? explainStoreFailure(error, bucket, s3) : error;
          }),
      ),
    ),
  );
}

async function tryObject(
  objects: Objects,
  bucket: (typeof buckets)[number],
  s3: S3Settings | null,
): Promise<string> {
  const key = doctorKey();
  const bytes = randomBytes(64);
  await objects.put(bucket, key, one(bytes), { contentType: "application/octet-stream" });
  await requireObject(objects, bucket, { key, sizeBytes: bytes.byteLength }, s3);
  await requireCondition(objects, bucket, key);
  const stored = await objects.get(bucket, key);
  const read = Buffer.from(await new Response(stored?.body).arrayBuffer());
  await objects.delete(bucket, key);
  if (!read.equals(bytes)) throw new Error("what was read is not what was written");
  if (await objects.head(bucket, key)) throw new Error("what was deleted is still there");
  return "put, get and delete work";
}

/** What says yes to everything would else be taken for a store that overwrites. */
async function requireObject(
  objects: Objects,
  bucket: (typeof buckets)[number],
  put: { key: string; sizeBytes: number },
  s3: S3Settings | null,
) {
  const found = await objects.head(bucket, put.key);
  if (found?.sizeBytes === put.sizeBytes) return;
  if (s3 && found) throw noStore(s3);
  throw new Error("what was put is not there");
}

/** A store that overwrites would let a grant replace what is ready. */
async function requireCondition(objects: Objects, bucket: (typeof buckets)[number], key: string) {
  try {
    await objects.put(bucket, key, one(randomBytes(64)), {
      contentType: "application/octet-stream",
    });
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "CONFLICT") return;
    throw error;
  }
  await objects.delete(bucket, key);
  throw new Ailment(
    "the store ignores conditional PUT (If-None-Match: *): a second upload replaces the first",
    "Use a store that has it, or a release of this one that does: docs/provision-r2.md lists them.",
  );
}

/** A look that takes longer has found something. */
const longestMs = 8_000;

/** @throws what the store threw, or a TimeoutError */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const late = new DOMException("the store did not answer in time", "TimeoutError");
    timer = setTimeout(() => reject(late), longestMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a look leaves behind when it is cut off, the sweep of orphans finds. */
export function doctorKey(): string {
  return `doctor-${randomBytes(8).toString("hex")}`;
}

export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
