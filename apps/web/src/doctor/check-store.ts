import { randomBytes } from "node:crypto";
import type { Services } from "@fermata/server";
import { type Diagnosis, diagnosis } from "./diagnosis";

const buckets = ["files", "media-public", "media-private"] as const;

/** Writes, reads and deletes a small object in each bucket. */
export function checkStore(objects: Services["objects"]): Promise<Diagnosis[]> {
  return Promise.all(
    buckets.map((bucket) =>
      diagnosis(
        `store, ${bucket}`,
        "Check the S3_* variables: the endpoint, the bucket's name, and that the key may read, write and delete there.",
        async () => {
          const key = `doctor-${randomBytes(8).toString("hex")}`;
          const bytes = randomBytes(64);
          await objects.put(bucket, key, one(bytes), { contentType: "application/octet-stream" });
          const stored = await objects.get(bucket, key);
          const read = Buffer.from(await new Response(stored?.body).arrayBuffer());
          await objects.delete(bucket, key);
          if (!read.equals(bytes)) throw new Error("what was read is not what was written");
          if (await objects.head(bucket, key)) throw new Error("what was deleted is still there");
          return "put, get and delete work";
        },
      ),
    ),
  );
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
