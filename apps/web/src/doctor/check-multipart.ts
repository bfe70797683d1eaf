import { type Diagnosis, diagnosis } from "fermata/internal";
import { doctorKey, inTime } from "./check-store";
import { explainStoreFailure, refusalOf } from "./explain-store-failure";
import { type MediaBucket, nameOf, type Objects, type S3Settings } from "./s3-settings";

/** One part is enough to see that parts are signed, taken and put together; a last part may be of any size. */
const bytes = new TextEncoder().encode("the only part");

/** Uploads an object in parts, as a browser does. */
export function checkMultipart(objects: Objects, s3: S3Settings): Promise<Diagnosis[]> {
  return Promise.all(
    (["media-public", "media-private"] as const).map((bucket) =>
      diagnosis(
        `multipart, ${bucket}`,
        "Look whether a proxy or a firewall before the store changes requests, and whether the key may write there.",
        () =>
          inTime(tryUpload(objects, bucket, s3)).catch((error: unknown) => {
            throw explainStoreFailure(error, bucket, s3, "uploads in parts");
          }),
      ),
    ),
  );
}

async function tryUpload(objects: Objects, bucket: MediaBucket, s3: S3Settings): Promise<string> {
  const key = doctorKey();
  const facts = { contentType: "application/octet-stream" };
  const uploadId = await objects.createMultipartUpload(bucket, key, facts);
  try {
    const [part] = await objects.signParts([
      {
        bucket,
        key,
        uploadId,
        partNumber: 1,
        sizeBytes: bytes.byteLength,
        ttlSeconds: 60,
        origin: s3.origins[0] ?? "",
      },
    ]);
    if (!part) throw new Error("no part was signed");
    const answer = await fetch(part.url, {
      method: part.method,
      headers: part.headers,
      body: bytes,
      signal: AbortSignal.timeout(8_000),
    });
    const etag = answer.headers.get("etag");
    if (!answer.ok) throw await refusalOf(answer, "a part", nameOf(bucket, s3));
    if (!etag) throw new Error("the store took a part and gave no ETag for it");
    await objects.completeMultipartUpload(bucket, key, uploadId, [{ partNumber: 1, etag }]);
    const stored = await objects.head(bucket, key);
    if (stored?.sizeBytes !== bytes.byteLength) {
      throw new Error("the object that was made of the parts has another size");
    }
    return "an upload in parts works";
  } finally {
    await objects.abortMultipartUpload(bucket, key, uploadId).catch(() => {});
    await objects.delete(bucket, key).catch(() => {});
  }
}
