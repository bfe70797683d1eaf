import { type ErrorCode, type ErrorDetails, limits } from "@fermata/contract";
import { privateCacheControl, publicCacheControl } from "../../../bytes/cache-control";
import { type Body, type BodyBounds, discardBody, readBody } from "../../../bytes/read-body";
import { answerBytes, type BytesAnswer, type BytesRequest } from "../../../bytes/serve-bytes";
import { uploadBounds } from "../../../bytes/upload-bounds";
import { defaultBasePath } from "../../../ground/base-path";
import { AppError, errorResponse, toAppError } from "../../../ground/errors";
import { newId } from "../../../ground/secrets";
import type { Clock } from "../../../ports/clock";
import type { BucketName } from "../../../ports/object-store";
import type { DiskFiles, PartReceipt } from "./disk-files";
import { isSafeName } from "./object-tree";
import { digestHeader, readSignedUrl, type SignedTerms } from "./signed-urls";
import { readObject, streamChunks } from "./stored-object";

export interface EndpointOptions {
  /** Where the API answers that serves `objects/*`. */
  basePath?: string;
  secret: string;
  clock: Clock;
  /** Told of each part before its sender is. */
  onPart?: (part: PartReceipt) => Promise<void>;
  /**
   * What has become of the upload that a signed PUT belongs to. Only an open one takes bytes; without it, every URL does
   * until it expires.
   */
  stateOf?: (upload: { key: string; uploadId: string | null }) => Promise<UploadState>;
  bounds?: BodyBounds;
}

export type UploadState = "open" | "complete" | "over";

/** What is read of a request: a `Request` has it, and Node's own gives it without becoming one. */
export interface ObjectRequest extends BytesRequest {
  url: string;
  body: Body;
}

export type ObjectAnswer = BytesAnswer<AsyncGenerator<Uint8Array, undefined>>;

/** An answer that S3 gives and the table of error codes has no status for. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    readonly details: ErrorDetails,
  ) {
    super(code);
  }
}

/** Serves the bucket over HTTP as S3 would: signed PUTs, parts and GETs, and public GETs of `media-public`. */
export function createEndpoint(files: DiskFiles, options: EndpointOptions) {
  const pace = options.bounds ?? uploadBounds;
  const objectsPath = `${options.basePath ?? defaultBasePath}/objects/`;

  async function handle(request: Request, requestId: string = newId()): Promise<Response> {
    const { body, status, headers } = await answer(request, requestId);
    return new Response(body && streamChunks(body), { status, headers });
  }

  async function answer(request: ObjectRequest, requestId: string): Promise<ObjectAnswer> {
    try {
      const url = new URL(request.url);
      const target = parseTarget(objectsPath, url.pathname);
      if (request.method === "GET" || request.method === "HEAD") {
        return await read(request, url.searchParams, target);
      }
      if (request.method === "PUT") return await write(request, url.searchParams, target);
      throw new Refusal(405, "INVALID_INPUT", { allowed: ["GET", "HEAD", "PUT"] });
    } catch (error) {
      await discardBody(request.body);
      return await refusal(error, request.method, requestId);
    }
  }

  async function read(
    request: ObjectRequest,
    query: URLSearchParams,
    { bucket, key }: Target,
  ): Promise<ObjectAnswer> {
    const isPublic = bucket === "media-public" && !query.has("signature");
    const terms = isPublic ? null : verified(query, { method: "GET", bucket, key });
    const found = await files.read(bucket, key);
    if (!found) throw new AppError("NOT_FOUND");
    const { object, dir } = found;
    const answer = await answerBytes(request, {
      sizeBytes: object.sizeBytes,
      etag: object.etag,
      contentType: terms?.type || object.contentType,
      contentDisposition: terms?.disposition || object.contentDisposition || "inline",
      cacheControl: isPublic
        ? publicCacheControl
        : privateCacheControl(terms?.type || object.contentType),
      open: async (range) => readObject(dir, object, range),
    });
    if (!answer) throw new AppError("NOT_FOUND");
    return answer;
  }

  async function write(
    request: ObjectRequest,
    query: URLSearchParams,
    { bucket, key }: Target,
  ): Promise<ObjectAnswer> {
    const terms = verified(query, { method: "PUT", bucket, key });
    requireSignedHeaders(request, terms);
    const { uploadId } = terms;
    if ((await stateOf(terms)) !== "open") throw over(terms);
    if (uploadId ? !(await files.hasUpload(terms)) : await files.read(bucket, key)) {
      throw uploadId
        ? new AppError("NOT_FOUND", { reason: "no such upload" })
        : new Refusal(412, "CONFLICT", { reason: "the object exists" });
    }

    const body = checkedBody(request, terms, pace);
    const maxBytes = terms.size ? Number(terms.size) : limits.storage.undeclaredPutBytes;
    const bounds = { maxBytes, md5: terms.md5 };
    if (uploadId) {
      const part = await files.writePart(terms, body, partBounds(maxBytes, terms));
      await options.onPart?.(part);
      // Ended while its bytes came: whoever ended it may have looked before they were there.
      if ((await stateOf(terms)) === "over") {
        await files.abortUpload(terms);
        throw over(terms);
      }
      return taken(part.etag);
    }
    const facts = {
      contentType: terms.type,
      ...(terms.disposition && { contentDisposition: terms.disposition }),
      ...(terms.label && { label: terms.label }),
    };
    const stored = await files.create(bucket, key, body, facts, bounds);
    if (!stored) throw new Refusal(412, "CONFLICT", { reason: "the object exists" });
    if ((await stateOf(terms)) === "over") {
      await files.delete(bucket, key);
      throw over(terms);
    }
    return taken(stored.etag);
  }

  async function stateOf({ key, uploadId }: SignedTerms): Promise<UploadState> {
    return options.stateOf ? options.stateOf({ key, uploadId: uploadId || null }) : "open";
  }

  function verified(
    query: URLSearchParams,
    request: Pick<SignedTerms, "method" | "bucket" | "key">,
  ): SignedTerms {
    const terms = readSignedUrl(query, options.secret, request);
    if (!terms) throw forbidden({ reason: "the signature does not match" });
    if (Number(terms.expires) * 1000 <= options.clock.now().getTime()) {
      throw forbidden({ reason: "the URL expired" });
    }
    return terms;
  }

  return { handle, answer };
}

interface Target {
  bucket: BucketName;
  key: string;
}

const buckets: readonly string[] = [
  "files",
  "media-public",
  "media-private",
] satisfies BucketName[];

function parseTarget(objectsPath: string, pathname: string): Target {
  const [bucket = "", key = "", ...rest] = pathname.slice(objectsPath.length).split("/");
  const isOurs = pathname.startsWith(objectsPath) && rest.length === 0;
  if (!isOurs || !buckets.includes(bucket) || !isSafeName(key)) throw new AppError("NOT_FOUND");
  return { bucket: bucket as BucketName, key };
}

/** Each header that was signed must come exactly as it was. */
function requireSignedHeaders(request: ObjectRequest, terms: SignedTerms): void {
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
  if (terms.size && length !== terms.size) {
    throw forbidden({ reason: "a signed header differs", header: "content-length" });
  }
}

/** The body, held against the length that was signed: nothing is stored when it ends early. */
async function* checkedBody(
  request: ObjectRequest,
  terms: SignedTerms,
  pace: BodyBounds,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of readBody(request.body, pace)) {
    sizeBytes += chunk.byteLength;
    yield chunk;
  }
  if (terms.size && sizeBytes < Number(terms.size)) {
    throw new Refusal(400, "UPLOAD_INCOMPLETE", { expectedBytes: Number(terms.size), sizeBytes });
  }
}

function partBounds(maxBytes: number, { md5, sha256 }: SignedTerms) {
  if (sha256) return { maxBytes, algorithm: "sha256" as const, expected: sha256 };
  return {
    maxBytes,
    algorithm: "md5" as const,
    ...(md5 && { expected: Buffer.from(md5, "base64").toString("hex") }),
  };
}

function over({ uploadId }: SignedTerms): AppError {
  const reason = "the upload is over";
  return uploadId ? new AppError("NOT_FOUND", { reason }) : forbidden({ reason });
}

function forbidden(details: ErrorDetails): AppError {
  return new AppError("FORBIDDEN", details, "The URL does not allow this request.");
}

function taken(etag: string): ObjectAnswer {
  return { status: 200, headers: { etag, "content-length": "0" }, body: null };
}

async function refusal(error: unknown, method: string, requestId: string): Promise<ObjectAnswer> {
  const isRefusal = error instanceof Refusal;
  const failure = isRefusal ? new AppError(error.code, error.details) : toAppError(error);
  // What nobody expects is for the host to log.
  if (failure.code === "INTERNAL") throw error;
  const response = errorResponse(failure, requestId);
  const text = Buffer.from(await response.arrayBuffer());
  return {
    status: isRefusal ? error.status : failure.httpStatus,
    headers: {
      ...Object.fromEntries(response.headers),
      "content-length": String(text.byteLength),
    },
    body: method === "HEAD" ? null : oneChunk(text),
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes;
  return undefined;
}
