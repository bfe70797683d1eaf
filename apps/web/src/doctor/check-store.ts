import { randomBytes } from "node:crypto";
import { type Diagnosis, diagnosis } from "./diagnosis";
import { explainStoreFailure } from "./explain-store-failure";
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
          tryObject(objects, bucket).catch((error: unknown) => {
            throw s3 ? explainStoreFailure(error, bucket, s3) : error;
          }),
      ),
    ),
  );
}

async function tryObject(objects: Objects, bucket: (typeof buckets)[number]): Promise<string> {
  const key = doctorKey();
  const bytes = randomBytes(64);
  await objects.put(bucket, key, one(bytes), { contentType: "application/octet-stream" });
  const stored = await objects.get(bucket, key);
  const read = Buffer.from(await new Response(stored?.body).arrayBuffer());
  await objects.delete(bucket, key);
  if (!read.equals(bytes)) throw new Error("what was read is not what was written");
  if (await objects.head(bucket, key)) throw new Error("what was deleted is still there");
  return "put, get and delete work";
}

/** What a look leaves behind when it is cut off, the sweep of orphans finds. */
export function doctorKey(): string {
  return `doctor-${randomBytes(8).toString("hex")}`;
}

export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
