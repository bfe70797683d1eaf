import type { Media } from "@fermata/contract";
import { privateCacheControl, publicCacheControl } from "../../../bytes/cache-control";
import { checksumInEtag } from "../../../bytes/digest-headers";
import { type BodyBounds, discardBody } from "../../../bytes/read-body";
import { answerBytes, type BytesAnswer } from "../../../bytes/serve-bytes";
import { uploadBounds } from "../../../bytes/upload-bounds";
import { defaultBasePath } from "../../../ground/base-path";
import { AppError, errorResponse, toAppError } from "../../../ground/errors";
import { newId } from "../../../ground/secrets";
import type { Clock } from "../../../ports/clock";
import type { CompleteWithLast, ReceivedPart } from "../../../ports/object-endpoint";
import type { BucketName } from "../../../ports/object-store";
import type { DiskFiles } from "./disk-files";
import type { DiskUploads } from "./disk-uploads";
import { OtherOffset } from "./kept-part";
import { isSafeName } from "./object-tree";
import { PartWriters } from "./part-writers";
import {
  checkedBody,
  forbidden,
  keptAs,
  maxBytesOf,
  type ObjectRequest,
  partBounds,
  Refusal,
  readOffset,
  requireSignedHeaders,
  withDigest,
} from "./signed-request";
import { digestHeader, readSignedUrl, type SignedTerms } from "./signed-urls";
import { readObject, streamChunks } from "./stored-object";

export interface EndpointOptions {
  /** Where the API answers that serves `objects/*`. */
  basePath?: string;
  secret: string;
  clock: Clock;
  /** Told of each part before its sender is. */
  onPart?: (part: ReceivedPart) => Promise<void>;
  /** Asked after a part whose sender says that it may be the last. */
  completeWithLast?: CompleteWithLast;
  /**
   * What has become of the upload that a signed PUT belongs to. Only an open one takes bytes; without it, every URL does
   * until it expires.
   */
  stateOf?: (upload: { key: string; uploadId: string | null }) => Promise<UploadState>;
  bounds?: BodyBounds;
}

export type UploadState = "open" | "complete" | "over";

export type ObjectAnswer = BytesAnswer<AsyncGenerator<Uint8Array, undefined>>;

/** Serves the bucket over HTTP as S3 would: signed PUTs, parts and GETs, and public GETs of `media-public`. */
export function createEndpoint(
  { files, uploads }: { files: DiskFiles; uploads: DiskUploads },
  options: EndpointOptions,
) {
  const pace = options.bounds ?? uploadBounds;
  const writers = new PartWriters();
  const objectsPath = `${options.basePath ?? defaultBasePath}/objects/`;

  async function handle(
    request: Request,
    requestId: string = newId(),
    origin: string = new URL(request.url).origin,
  ): Promise<Response> {
    const { method, url, headers: asked } = request;
    const { body, status, headers } = await answer(
      { method, url, headers: asked, body: request.body, origin },
      requestId,
    );
    return new Response(body && streamChunks(body), { status, headers });
  }

  async function answer(request: ObjectRequest, requestId: string): Promise<ObjectAnswer> {
    try {
      const url = new URL(request.url);
      const target = parseTarget(objectsPath, url.pathname);
      if (request.method === "HEAD" && url.searchParams.has("uploadId")) {
        return await tellOffset(request, url.searchParams, target);
      }
      if (request.method === "GET" || request.method === "HEAD") {
        return await read(request, url.searchParams, target);
      }
      if (request.method === "PUT")
        return await write(request, url.searchParams, target, requestId);
      throw new Refusal(405, "INVALID_INPUT", { allowed: ["GET", "HEAD", "PUT"] });
    } catch (error) {
      // Whoever sends what is here already is to stop at once.
      if (!(error instanceof OtherOffset)) await discardBody(request.body);
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
    requestId: string,
  ): Promise<ObjectAnswer> {
    const terms = verified(query, { method: "PUT", bucket, key });
    const offset = readOffset(request, terms);
    requireSignedHeaders(request, terms, offset ?? 0);
    if (terms.uploadId) return writePart(request, terms, offset, requestId);
    if ((await stateOf(terms)) !== "open") throw over(terms);
    if (await files.read(bucket, key)) {
      throw new Refusal(412, "CONFLICT", { reason: "the object exists" });
    }
    const body = checkedBody(request, terms, pace);
    const bounds = { maxBytes: maxBytesOf(terms), md5: terms.md5 };
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

  async function writePart(
    request: ObjectRequest,
    terms: SignedTerms,
    offset: number | null,
    requestId: string,
  ): Promise<ObjectAnswer> {
    await requireUpload(terms);
    const told = withDigest(request, terms);
    const writing = writingOf(told);
    // As where a browser sends the same request again by itself, after its connection was cut.
    if (offset !== null) await writers.stop(writing);
    const part = await writers.run(writing, (stop) => {
      const body = checkedBody(request, terms, pace, offset ?? 0, stop);
      return uploads.writePart(terms, body, partBounds(told, request), {
        as: keptAs(told),
        offset,
      });
    });
    await options.onPart?.(part);
    if (request.headers.get("upload-complete") === "?1") {
      const origin = request.origin ?? new URL(request.url).origin;
      const outcome = (await options.completeWithLast?.(terms, origin)) ?? "missing";
      if (outcome === "failed") return taken(part.etag);
      if (outcome instanceof AppError) {
        // The ETag says that it is not the part that was refused.
        const { headers, ...refused } = await refusal(outcome, request.method, requestId);
        return { ...refused, headers: { ...headers, ...named(part.etag) } };
      }
      if (outcome !== "missing") return completed(part.etag, outcome);
    }
    // Ended while its bytes came: whoever ended it may have looked before they were there.
    if ((await stateOf(terms)) === "over") {
      await uploads.abortUpload(terms);
      throw over(terms);
    }
    return taken(part.etag);
  }

  /** How much of a part is here, as the IETF's "Resumable Uploads for HTTP" tells it. A PUT with the same header sends the rest. */
  async function tellOffset(
    request: ObjectRequest,
    query: URLSearchParams,
    target: Target,
  ): Promise<ObjectAnswer> {
    const terms = verified(query, { method: "PUT", ...target });
    await requireUpload(terms);
    const told = withDigest(request, terms);
    // On a connection that was lost, and that the server may not have noticed yet.
    await writers.stop(writingOf(told));
    const bytes = await uploads.keptBytes(terms, keptAs(told));
    const headers = { "upload-offset": String(bytes), "cache-control": "no-store" };
    return { status: 204, headers, body: null };
  }

  async function requireUpload(terms: SignedTerms): Promise<void> {
    if ((await stateOf(terms)) !== "open") throw over(terms);
    if (!(await uploads.hasUpload(terms))) {
      throw new AppError("NOT_FOUND", { reason: "no such upload" });
    }
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

/** Which part, of which bytes. */
function writingOf(terms: SignedTerms): string {
  return [terms.uploadId, terms.partNumber, keptAs(terms)].join();
}

function over({ uploadId }: SignedTerms): AppError {
  const reason = "the upload is over";
  return uploadId ? new AppError("NOT_FOUND", { reason }) : forbidden({ reason });
}

function taken(etag: string): ObjectAnswer {
  return { status: 200, headers: { ...named(etag), "content-length": "0" }, body: null };
}

/** By its ETag, and by the digest that it is. */
function named(etag: string): Record<string, string> {
  const { sha256 } = checksumInEtag(etag);
  return { etag, ...(sha256 && { digest: digestHeader(sha256) }) };
}

/** The part was the last one, and the upload is media now: what its completion answers with. */
function completed(etag: string, media: Media): ObjectAnswer {
  const text = Buffer.from(JSON.stringify(media));
  const headers = {
    ...named(etag),
    "content-type": "application/json; charset=utf-8",
    "content-length": String(text.byteLength),
  };
  return { status: 200, headers, body: oneChunk(text) };
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
      ...(error instanceof OtherOffset && { "upload-offset": String(error.bytes) }),
      "content-length": String(text.byteLength),
    },
    body: method === "HEAD" ? null : oneChunk(text),
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes;
  return undefined;
}
