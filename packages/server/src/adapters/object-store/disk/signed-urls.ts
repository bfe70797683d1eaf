import { sign, verifySignature } from "../../../ground/secrets";
import type { BucketName, PartGrant, PutGrant } from "../../../ports/object-store";

/** Everything that a URL of this store may say. What it leaves out is the empty string, and signed as such. */
export interface SignedTerms {
  method: "PUT" | "GET";
  bucket: BucketName;
  key: string;
  /** Unix seconds. */
  expires: string;
  size: string;
  type: string;
  disposition: string;
  md5: string;
  sha256: string;
  uploadId: string;
  partNumber: string;
  label: string;
}

const queryNames = [
  "expires",
  "size",
  "type",
  "disposition",
  "md5",
  "sha256",
  "uploadId",
  "partNumber",
  "label",
] as const;

const none = {
  size: "",
  type: "",
  disposition: "",
  md5: "",
  sha256: "",
  uploadId: "",
  partNumber: "",
  label: "",
};

export function putTerms(grant: PutGrant, expires: string): SignedTerms {
  return {
    ...none,
    method: "PUT",
    bucket: grant.bucket,
    key: grant.key,
    expires,
    type: grant.contentType,
    size: grant.sizeBytes === undefined ? "" : String(grant.sizeBytes),
    md5: grant.md5 ?? "",
    disposition: grant.contentDisposition ?? "",
    label: grant.label ?? "",
  };
}

export function partTerms(grant: PartGrant, expires: string): SignedTerms {
  return {
    ...none,
    method: "PUT",
    bucket: grant.bucket,
    key: grant.key,
    expires,
    size: String(grant.sizeBytes),
    md5: grant.md5 ?? "",
    sha256: grant.sha256?.toLowerCase() ?? "",
    uploadId: grant.uploadId,
    partNumber: String(grant.partNumber),
  };
}

export function getTerms(
  bucket: BucketName,
  key: string,
  expires: string,
  as: { contentType?: string | undefined; contentDisposition?: string | undefined },
): SignedTerms {
  return {
    ...none,
    method: "GET",
    bucket,
    key,
    expires,
    type: as.contentType ?? "",
    disposition: as.contentDisposition ?? "",
  };
}

/** @param base the origin and the base path */
export function objectUrl(base: string, bucket: BucketName, key: string): URL {
  return new URL(`${base}/objects/${bucket}/${key}`);
}

export function signedUrl(base: string, secret: string, terms: SignedTerms): string {
  const url = objectUrl(base, terms.bucket, terms.key);
  for (const name of queryNames) if (terms[name]) url.searchParams.set(name, terms[name]);
  url.searchParams.set("signature", sign(secret, ...inOrder(terms)));
  return url.toString();
}

/** What a URL says, or null when this store did not sign it. Whether it is still in time is for the caller to see. */
export function readSignedUrl(
  query: URLSearchParams,
  secret: string,
  request: Pick<SignedTerms, "method" | "bucket" | "key">,
): SignedTerms | null {
  const said = Object.fromEntries(queryNames.map((name) => [name, query.get(name) ?? ""]));
  const terms = { expires: "", ...none, ...said, ...request };
  return verifySignature(query.get("signature") ?? "", secret, ...inOrder(terms)) ? terms : null;
}

function inOrder(terms: SignedTerms): string[] {
  const { method, bucket, key, label } = terms;
  const signed = queryNames.filter((name) => name !== "label").map((name) => terms[name]);
  // URLs of a release that knew no labels are still about.
  return ["object", method, bucket, key, ...signed, ...(label ? [label] : [])];
}

/** RFC 3230, as uploads of files say it, too. */
export function digestHeader(sha256Hex: string): string {
  return `sha-256=${Buffer.from(sha256Hex, "hex").toString("base64")}`;
}
