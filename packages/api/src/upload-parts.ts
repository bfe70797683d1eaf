import { FermataError } from "./api-error";
import { type CompletedPart, createPartUrls, type SignParts } from "./part-urls";
import { isTransient, type RetryPolicy, retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";

export interface Part {
  /** Counted from one. */
  partNumber: number;
  /** First byte in the file, counted from zero. */
  startByte: number;
  /** The byte after the last. */
  endByte: number;
}

/** Cuts `sizeBytes` into equal parts, as R2 demands; only the last may be smaller. */
export function planParts(sizeBytes: number, partSizeBytes: number): Part[] {
  return Array.from({ length: Math.ceil(sizeBytes / partSizeBytes) }, (_, index) => ({
    partNumber: index + 1,
    startByte: index * partSizeBytes,
    endByte: Math.min(sizeBytes, (index + 1) * partSizeBytes),
  }));
}

export interface PartsUpload {
  file: Blob;
  parts: Part[];
  /** Parts that the store has already: they are not sent again. */
  completed?: CompletedPart[];
  sign: SignParts;
  /** Parts in flight at once. */
  concurrency: number;
  fetch: typeof globalThis.fetch;
  retry: RetryPolicy;
  onProgress?(loadedBytes: number): void;
  signal?: AbortSignal;
}

/** A store that refuses a part is asked again with a fresh URL this often: URLs expire while uploads wait. */
const maxResigns = 2;

/**
 * Sends every part that is missing, several at once, each with retries of its own.
 * The first part that fails for good ends the others.
 * @returns all parts, in order
 */
export async function uploadParts(upload: PartsUpload): Promise<CompletedPart[]> {
  const done = new Map(upload.completed?.map(({ partNumber, etag }) => [partNumber, etag]));
  const missing = upload.parts.filter(({ partNumber }) => !done.has(partNumber));
  const urls = createPartUrls(
    missing.map(({ partNumber }) => partNumber),
    upload.sign,
    upload.concurrency,
  );
  const failed = new AbortController();
  const signal = upload.signal ? AbortSignal.any([upload.signal, failed.signal]) : failed.signal;
  const loadedOf = new Map<number, number>();
  let loadedBytes = 0;
  for (const part of upload.parts) if (done.has(part.partNumber)) loaded(part, sizeOf(part));

  const queue = missing.values();
  const workers = Array.from({ length: Math.min(upload.concurrency, missing.length) }, work);
  const outcomes = await Promise.allSettled(workers);
  if (upload.signal?.aborted) throw new FermataError("ABORTED");
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure) throw failed.signal.reason;
  return upload.parts.map(({ partNumber }) => ({ partNumber, etag: done.get(partNumber) ?? "" }));

  async function work() {
    for (const part of queue) {
      try {
        const etag = await sendPart(part);
        done.set(part.partNumber, etag);
        urls.report({ partNumber: part.partNumber, etag });
      } catch (error) {
        // Only the first reason is kept, so the failures that it causes do not hide it.
        failed.abort(error);
        throw error;
      }
    }
  }

  function sendPart(part: Part): Promise<string> {
    let resigns = 0;
    let refused = false;
    return retrying(
      async () => {
        refused = false;
        loaded(part, 0);
        const { url, headers } = await urls.of(part.partNumber);
        const response = await sendBytes(upload.fetch, {
          url,
          method: "PUT",
          headers,
          body: upload.file.slice(part.startByte, part.endByte),
          onProgress: (sentBytes) => loaded(part, Math.min(sentBytes, sizeOf(part))),
          signal,
        });
        // R2 documents 400 for an expired URL, other stores say 403.
        refused = response.status === 400 || response.status === 403;
        if (response.status >= 300) throw errorOfResponse(response);
        loaded(part, sizeOf(part));
        return readEtag(response.header("etag"));
      },
      {
        policy: upload.retry,
        signal,
        isRetryable: (error) => {
          if (!refused) return isTransient(error);
          urls.forget(part.partNumber);
          return resigns++ < maxResigns;
        },
      },
    );
  }

  function loaded(part: Part, bytes: number) {
    loadedBytes += bytes - (loadedOf.get(part.partNumber) ?? 0);
    loadedOf.set(part.partNumber, bytes);
    upload.onProgress?.(loadedBytes);
  }
}

function sizeOf(part: Part): number {
  return part.endByte - part.startByte;
}

function readEtag(etag: string | null): string {
  if (etag) return etag;
  throw new FermataError(
    "FORBIDDEN",
    "The store hides the ETag header from this page. Add ETag to ExposeHeaders in the bucket's CORS rule.",
    { details: { header: "ETag" } },
  );
}
