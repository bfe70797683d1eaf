import { FermataError } from "./api-error";
import type { BytesRequest } from "./bytes-request";
import { type CompletedPart, createPartUrls, type SignedPart, type SignParts } from "./part-urls";
import { isTransient, type RetryPolicy, retrying } from "./retry";
import { sendsByNode } from "./send-by-node";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { md5Of } from "./upload-checksum";
import type { Parallelism } from "./upload-parallelism";
import { type PauseControl, runPausable } from "./upload-pause";

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
  /** Parts that the store has already. Those whose bytes are no longer the file's are sent again. */
  completed?: CompletedPart[] | undefined;
  sign: SignParts;
  parallelism: Parallelism;
  /** Parts that are read, signed or on their way at once: a few more than fly, so that the next ones are ready. */
  workers: number;
  /** Have the store compare an MD5 of each part. */
  checksum: boolean;
  fetch: typeof globalThis.fetch;
  retry: RetryPolicy;
  pause?: PauseControl | undefined;
  onProgress?(loadedBytes: number): void;
  signal?: AbortSignal | undefined;
}

/** A store that refuses a part is asked again with a fresh URL this often: URLs expire while uploads wait. */
const maxResigns = 2;

/**
 * Sends every part that is missing, several at once, each with retries of its own.
 * The first part that fails for good ends the others.
 * @returns all parts, in order
 */
export async function uploadParts(upload: PartsUpload): Promise<CompletedPart[]> {
  const { file, parts } = upload;
  const done = new Map(upload.completed?.map((part) => [part.partNumber, part]));
  const urls = createPartUrls(upload.sign);
  const failed = new AbortController();
  const signal = upload.signal ? AbortSignal.any([upload.signal, failed.signal]) : failed.signal;
  const loadedOf = new Map<number, number>();
  let loadedBytes = 0;
  const known = parts.filter(({ partNumber }) => done.has(partNumber));
  for (const part of known) loaded(part, sizeOf(part));

  const [changed] = await Promise.all([
    findChanged(known),
    sendAll(parts.filter(({ partNumber }) => !done.has(partNumber))),
  ]);
  for (const part of changed) loaded(part, 0);
  await sendAll(changed);
  throwFailure();
  return parts.flatMap(({ partNumber }) => done.get(partNumber) ?? []);

  /** Never rejects; whatever failed is the reason of `failed`. */
  async function sendAll(missing: Part[]): Promise<void> {
    const queue = missing.values();
    const workers = Math.min(upload.workers, missing.length);
    await Promise.all(Array.from({ length: workers }, () => work(queue)));
  }

  async function work(queue: IterableIterator<Part>): Promise<void> {
    for (const part of queue) {
      if (signal.aborted) return;
      try {
        const sent = await sendPart(part);
        done.set(part.partNumber, sent);
        urls.report(sent);
      } catch (error) {
        // Only the first reason is kept, so the failures that it causes do not hide it.
        failed.abort(error);
      }
    }
  }

  async function findChanged(known: Part[]): Promise<Part[]> {
    const changed: Part[] = [];
    try {
      for (const part of known) {
        if (signal.aborted) break;
        const told = done.get(part.partNumber)?.md5;
        const found = told === undefined ? null : await md5Of(bytesOf(part), signal);
        if (found !== null && found !== told) changed.push(part);
      }
    } catch (error) {
      failed.abort(error);
    }
    return changed;
  }

  function sendPart(part: Part): Promise<CompletedPart> {
    return runPausable(upload.pause, signal, async (signal) => {
      const body = await readOnce(bytesOf(part), upload.fetch);
      let signed: (SignedPart & { md5: string | undefined }) | null = null;
      let resigns = 0;
      let refused = false;
      return retrying(
        async () => {
          refused = false;
          signed ??= await signPart(part, body, signal);
          const { url, headers } = signed;
          const response = await upload.parallelism.run(signal, () => {
            loaded(part, 0);
            return sendBytes(upload.fetch, {
              url,
              method: "PUT",
              headers,
              body,
              onProgress: (sentBytes) => loaded(part, Math.min(sentBytes, sizeOf(part))),
              stallMs: upload.retry.stallMs,
              signal,
            });
          });
          // R2 documents 400 for an expired URL, other stores say 403.
          refused = response.status === 400 || response.status === 403;
          if (response.status >= 300) throw errorOfResponse(response);
          loaded(part, sizeOf(part));
          upload.parallelism.succeeded(sizeOf(part));
          const { partNumber } = part;
          return { partNumber, etag: readEtag(response.header("etag")), md5: signed.md5 };
        },
        {
          policy: upload.retry,
          signal,
          isRetryable: (error) => {
            if (isTransient(error)) upload.parallelism.failed();
            if (!refused) return isTransient(error);
            signed = null;
            return resigns++ < maxResigns;
          },
        },
      );
    });
  }

  async function signPart(part: Part, body: PartBody, signal: AbortSignal | undefined) {
    const md5 = (upload.checksum && (await md5Of(body, signal))) || undefined;
    if (signal?.aborted) throw new FermataError("ABORTED");
    const signed = await urls.of({ partNumber: part.partNumber, ...(md5 && { md5 }) });
    return { ...signed, md5 };
  }

  function bytesOf(part: Part): Blob {
    return file.slice(part.startByte, part.endByte);
  }

  function loaded(part: Part, bytes: number) {
    loadedBytes += bytes - (loadedOf.get(part.partNumber) ?? 0);
    loadedOf.set(part.partNumber, bytes);
    upload.onProgress?.(loadedBytes);
  }

  function throwFailure() {
    if (upload.signal?.aborted) throw new FermataError("ABORTED");
    if (failed.signal.aborted) throw failed.signal.reason;
  }
}

function sizeOf(part: Part): number {
  return part.endByte - part.startByte;
}

type PartBody = BytesRequest["body"];

/** Larger parts, as the largest files have, are not held in memory. */
const heldBytes = 16 * 1024 * 1024;

/**
 * Where Node sends, a part is read into memory once, to be hashed and sent; reading it twice was dearer than either.
 * Browsers read blobs outside of the page's thread, so there it stays one.
 */
async function readOnce(bytes: Blob, fetch: typeof globalThis.fetch): Promise<PartBody> {
  if (bytes.size > heldBytes || !sendsByNode(fetch)) return bytes;
  const chunks: Uint8Array[] = [];
  const reader = bytes.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
  }
}

function readEtag(etag: string | null): string {
  if (etag) return etag;
  throw new FermataError(
    "FORBIDDEN",
    "The store hides the ETag header from this page. Add ETag to ExposeHeaders in the bucket's CORS rule.",
    { details: { header: "ETag" } },
  );
}
