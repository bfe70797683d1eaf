import { createHash } from "node:crypto";
import { type ErrorCode, type ErrorDetails, limits } from "@fermata/contract";
import { readContentMd5, readDigest, wantsSha256 } from "../../../bytes/digest-headers";
import { type Body, type BodyBounds, readBody } from "../../../bytes/read-body";
import type { BytesRequest } from "../../../bytes/serve-bytes";
import { AppError } from "../../../ground/errors";
import type { PartBounds } from "./part-file";
import { digestHeader, type SignedTerms } from "./signed-urls";

/** What is read of a request: a `Request` has it, and Node's own gives it without becoming one. */
export interface ObjectRequest extends BytesRequest {
  url: string;
  /** Where the caller reached this server; left out where the URL says it. */
  origin?: string;
  body: Body;
}

/** An answer that S3 gives and the table of error codes has no status for. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    readonly details: ErrorDetails,
  ) {
    super(code);
  }
}

/** Each header that was signed must come exactly as it was. */
export function requireSignedHeaders(
  request: ObjectRequest,
  terms: SignedTerms,
  heldBytes: number,
): void {
  const expected: [string, string][] = [
    ["content-type", terms.type],
    ["content-disposition", terms.disposition],
    ["content-md5", terms.md5],
    ["digest", terms.sha256 && digestHeader(terms.sha256)],
    ["if-none-match", terms.uploadId ? "" : "*"],
  ];
  for (const [name, value] of expected) {
    if (value && request.headers.get(name) !== value) {
      throw forbidden({ reason: "a signed header differs", header: name });
    }
  }
  const length = request.headers.get("content-length");
  if (terms.size && length === null) {
    throw new Refusal(411, "INVALID_INPUT", { reason: "Content-Length is missing" });
  }
  if (terms.size && length !== String(Number(terms.size) - heldBytes)) {
    throw forbidden({ reason: "a signed header differs", header: "content-length" });
  }
}

/**
 * Where in a part the body begins: where what is kept ends. Null where nothing is said, and the body is the part.
 * @throws AppError INVALID_INPUT
 */
export function readOffset(request: ObjectRequest, terms: SignedTerms): number | null {
  const said = request.headers.get("upload-offset");
  if (said === null) return null;
  const bytes = /^(0|[1-9]\d{0,14})$/.test(said) ? Number(said) : Number.NaN;
  if (!terms.uploadId || !(bytes <= Number(terms.size)))
    throw new AppError("INVALID_INPUT", { header: "upload-offset" });
  return bytes;
}

/** The body, held against the length that was signed: no part and no object comes of one that ends early. */
export async function* checkedBody(
  request: ObjectRequest,
  terms: SignedTerms,
  pace: BodyBounds,
  heldBytes = 0,
  stop?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = heldBytes;
  for await (const chunk of readBody(request.body, pace, stop)) {
    sizeBytes += chunk.byteLength;
    yield chunk;
  }
  if (terms.size && sizeBytes < Number(terms.size)) {
    throw new Refusal(400, "UPLOAD_INCOMPLETE", { expectedBytes: Number(terms.size), sizeBytes });
  }
}

export function maxBytesOf({ size }: SignedTerms): number {
  return size ? Number(size) : limits.storage.undeclaredPutBytes;
}

/**
 * What the kept bytes of a part are known by, in hex: the checksum that it is to have, whoever sends the rest. Without one it
 * is the grant itself, which its sender alone has: then the ETag tells the sender whether the part is what was sent.
 */
export function keptAs(terms: SignedTerms): string {
  const { expected } = partBounds(terms);
  return expected ?? createHash("sha256").update(JSON.stringify(terms)).digest("hex");
}

/**
 * The terms of a part, with the checksum that its sender tells where none was signed: whoever signs parts before anybody has
 * read them loses nothing by it.
 * @throws AppError INVALID_INPUT for one that is none
 */
export function withDigest(request: ObjectRequest, terms: SignedTerms): SignedTerms {
  if (terms.md5 || terms.sha256) return terms;
  const sha256 = readDigest(request.headers.get("digest"));
  if (sha256) return { ...terms, sha256 };
  const md5 = readContentMd5(request.headers.get("content-md5"));
  return md5 ? { ...terms, md5 } : terms;
}

/** @param request may want a SHA-256 (RFC 3230) of a part for which no checksum is told */
export function partBounds(terms: SignedTerms, request?: ObjectRequest): PartBounds {
  const { md5, sha256 } = terms;
  const maxBytes = maxBytesOf(terms);
  if (sha256) return { maxBytes, algorithm: "sha256", expected: sha256 };
  const isWanted = wantsSha256(request?.headers.get("want-digest") ?? null);
  if (!md5 && isWanted) return { maxBytes, algorithm: "sha256" };
  return {
    maxBytes,
    algorithm: "md5",
    ...(md5 && { expected: Buffer.from(md5, "base64").toString("hex") }),
  };
}

export function forbidden(details: ErrorDetails): AppError {
  return new AppError("FORBIDDEN", details, "The URL does not allow this request.");
}
