import { Ailment, type Diagnosis, diagnosis } from "fermata/internal";
import { doctorKey } from "./check-store";
import { explainStoreFailure, refusalOf } from "./explain-store-failure";
import { type MediaBucket, nameOf, type Objects, type S3Settings } from "./s3-settings";

/** Every header that is signed for a PUT and that the browser asks leave for. */
export const uploadHeaders = [
  "content-disposition",
  "content-md5",
  "content-type",
  "if-none-match",
] as const;

const how = "infra/terraform sets it (docs/provision-r2.md).";
const bytes = new TextEncoder().encode("from a page");

/** Asks each bucket what a browser asks before it uploads, from each origin that uploads, and then uploads a little. */
export function checkCors(objects: Objects, s3: S3Settings): Promise<Diagnosis[]> {
  const pairs = (["media-public", "media-private"] as const).flatMap((bucket) =>
    s3.origins.map((origin) => ({ bucket, origin })),
  );
  return Promise.all(
    pairs.map(({ bucket, origin }) =>
      diagnosis(
        `CORS, ${bucket}`,
        `Let ${origin} upload to ${nameOf(bucket, s3)}: ${how}`,
        async () => {
          const key = doctorKey();
          const { url, headers } = await objects.signPut({
            bucket,
            key,
            contentType: "application/octet-stream",
            sizeBytes: bytes.byteLength,
            ttlSeconds: 60,
            origin,
          });
          try {
            await askLeave(url, origin, bucket, s3);
            await upload(url, headers, origin, bucket, s3);
          } catch (error) {
            throw explainStoreFailure(error, bucket, s3);
          } finally {
            await objects.delete(bucket, key).catch(() => {});
          }
          return `browsers on ${origin} may upload, and see the ETag`;
        },
      ),
    ),
  );
}

async function askLeave(url: string, origin: string, bucket: MediaBucket, s3: S3Settings) {
  const answer = await fetch(url, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "PUT",
      "access-control-request-headers": uploadHeaders.join(","),
    },
    signal: AbortSignal.timeout(4_000),
  });
  const where = nameOf(bucket, s3);
  if (!isAllowed(answer, "access-control-allow-origin", origin)) {
    throw new Ailment(
      `browsers on ${origin} cannot upload: the bucket does not allow that origin`,
      `Add ${origin}, without a slash at the end, to the origins in the CORS rule of ${where}: ${how}`,
    );
  }
  if (!isAllowed(answer, "access-control-allow-methods", "PUT")) {
    throw new Ailment(
      `browsers on ${origin} cannot upload: the bucket does not allow PUT`,
      `Add PUT to the methods in the CORS rule of ${where}: ${how}`,
    );
  }
  const refused = uploadHeaders.filter(
    (name) => !isAllowed(answer, "access-control-allow-headers", name),
  );
  if (refused.length > 0) {
    throw new Ailment(
      `browsers on ${origin} may not send ${refused.join(", ")}`,
      `Add ${refused.join(", ")} to the allowed headers in the CORS rule of ${where}: ${how}`,
    );
  }
}

async function upload(
  url: string,
  headers: Record<string, string>,
  origin: string,
  bucket: MediaBucket,
  s3: S3Settings,
) {
  const answer = await fetch(url, {
    method: "PUT",
    headers: { ...headers, origin },
    body: bytes,
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw await refusalOf(answer, "a signed PUT", nameOf(bucket, s3));
  if (!isAllowed(answer, "access-control-expose-headers", "etag")) {
    throw new Ailment(
      `browsers on ${origin} cannot see the ETag, so no upload in parts can be completed`,
      `Add ETag to the exposed headers in the CORS rule of ${nameOf(bucket, s3)}: ${how}`,
    );
  }
}

function isAllowed({ headers }: Response, header: string, wanted: string): boolean {
  const given = (headers.get(header) ?? "").split(",").map((one) => one.trim().toLowerCase());
  return given.includes("*") || given.includes(wanted.toLowerCase());
}
