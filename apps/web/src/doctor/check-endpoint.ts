import type { Diagnosis } from "fermata/internal";
import type { S3Settings } from "./s3-settings";

/** Some consoles show an address with the bucket in it; the bucket would then be named twice. Null where all is well. */
export function checkEndpoint({
  endpoint,
  publicBucket,
  privateBucket,
}: S3Settings): Diagnosis | null {
  const { origin, hostname, pathname } = new URL(endpoint);
  const last = pathname.split("/").filter(Boolean).at(-1);
  const buckets = [publicBucket, privateBucket];
  const inPath = buckets.find((bucket) => bucket === last);
  const inHost = buckets.find((bucket) => hostname.startsWith(`${bucket}.`));
  const bucket = inPath ?? inHost;
  if (!bucket) return null;
  const without = inPath
    ? `${origin}${pathname.replace(/\/[^/]+\/*$/, "")}`
    : endpoint.replace(`${bucket}.`, "");
  return {
    part: "store, endpoint",
    ok: false,
    finding: `S3_ENDPOINT names a bucket (${bucket}), which is named by its own variable`,
    remedy: `Write S3_ENDPOINT=${without.replace(/\/$/, "")}`,
  };
}
