import { Ailment } from "./diagnosis";
import { nameOf, type S3Settings } from "./s3-settings";

/** What a store, or the way to it, calls its refusals. */
const unknownKey = ["InvalidAccessKeyId", "Unauthorized", "InvalidArgument"];
const wrongSecret = ["SignatureDoesNotMatch"];
const skewed = ["RequestTimeTooSkewed", "RequestExpired"];
const unreachable = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "TimeoutError"];

/** Makes of what the store's client threw something that can be acted on. */
export function explainStoreFailure(
  error: unknown,
  bucket: "files" | "media-public" | "media-private",
  s3: S3Settings,
): unknown {
  const names = namesIn(error);
  const has = (some: string[]) => some.some((name) => names.includes(name));
  if (has(["NoSuchBucket"])) {
    return new Ailment(
      `there is no such bucket: ${nameOf(bucket, s3)}`,
      "Make it, or mend its name; infra/terraform makes both buckets (docs/provision-r2.md).",
    );
  }
  if (has(wrongSecret)) {
    return new Ailment(
      "the store does not accept the signature",
      "S3_SECRET_ACCESS_KEY does not belong to S3_ACCESS_KEY_ID, or S3_REGION is not the store's. Copy both keys anew, without spaces.",
    );
  }
  if (has(skewed)) {
    return new Ailment(
      "the store takes this machine's clock for wrong",
      "Set the clock, by NTP: signatures are good for a few minutes.",
    );
  }
  if (has(["AccessDenied", "Forbidden"])) {
    return new Ailment(
      `the key may not do this in ${nameOf(bucket, s3)}`,
      "Give it permission to read and write objects in both buckets: on R2, a token with Object Read & Write.",
    );
  }
  if (has(unknownKey)) {
    return new Ailment(
      "the store does not know the key",
      "Check S3_ACCESS_KEY_ID: on R2, make a token under R2, Manage API tokens, in the account of S3_ENDPOINT.",
    );
  }
  if (has(unreachable)) {
    return new Ailment(
      `${s3.endpoint} cannot be reached`,
      "Check S3_ENDPOINT and the network. R2's is https://<account>.r2.cloudflarestorage.com, with `.eu` after the account for a bucket in that jurisdiction.",
    );
  }
  return error;
}

/** The names and codes of an error and of all that caused it. */
function namesIn(error: unknown): string[] {
  const names: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    names.push(at.name);
    for (const key of ["code", "Code"] as const) {
      const code: unknown = Reflect.get(at, key);
      if (typeof code === "string") names.push(code);
    }
  }
  return names;
}
