import { limits, type Media } from "@fermata/contract";
import { FermataError, toFermataError } from "./api-error";
import { createProgressMeter, type UploadProgress } from "./progress-meter";
import { retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";
import type { UploadContext } from "./upload-context";
import { nameOf } from "./upload-file";
import { planParts, uploadParts } from "./upload-parts";

/** What an upload is doing. `key` names the media row from the moment it exists. */
export type MediaUploadState =
  | { phase: "preparing" }
  | { phase: "sending"; key: string }
  | { phase: "completing"; key: string };

export interface UploadMediaOptions {
  /** Taken from the `File` when left out. */
  filename?: string;
  /** `public` media are read at their `publicUrl` by anybody, `private` ones only through signed URLs. */
  visibility?: "public" | "private";
  onProgress?(progress: UploadProgress): void;
  onState?(state: MediaUploadState): void;
  signal?: AbortSignal;
  /** Parts in flight at once, from 1 to 16. */
  concurrency?: number;
}

/** Up to this size one PUT carries the whole file; above it, parts, so that a fault costs one part only. */
const singlePutBytes = 32 * 1024 * 1024;
const maxConcurrency = 16;
/** New grants for a single PUT whose URL expired before its bytes were through. */
const maxGrants = 3;
/** How long a failed upload waits for the server to release its quota. */
const releaseMs = 5_000;

/**
 * Sends a photo or clip straight to the object store and answers with the media row,
 * after the server has looked at the stored object itself. What fails or is aborted is released at once.
 * @throws FermataError PAYLOAD_TOO_LARGE and INVALID_INPUT (no bytes) before anything is sent; QUOTA_EXCEEDED,
 *   UNSUPPORTED_MEDIA_TYPE, UPLOAD_INCOMPLETE from the server; NETWORK once the retries are used up; ABORTED
 */
export async function uploadMedia(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions = {},
): Promise<Media> {
  const limitBytes = limits.storage.maxBytes;
  if (file.size > limitBytes) {
    throw new FermataError("PAYLOAD_TOO_LARGE", undefined, {
      details: { limitBytes, sizeBytes: file.size },
    });
  }
  if (file.size === 0) throw new FermataError("INVALID_INPUT", "The file is empty.");
  if (options.signal?.aborted) throw new FermataError("ABORTED");
  options.onState?.({ phase: "preparing" });
  return file.size <= singlePutBytes
    ? putWhole(context, file, options)
    : putInParts(context, file, options);
}

async function putWhole(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions,
): Promise<Media> {
  const { signal } = options;
  const { storage } = context.trpc;
  const retry = { policy: context.retry, signal };
  const meter = createProgressMeter(file.size, options.onProgress);

  for (let grants = 1; ; grants++) {
    const grant = await retrying(
      () => storage.getUploadUrl.mutate(describe(file, options), { signal }),
      retry,
    );
    options.onState?.({ phase: "sending", key: grant.key });
    try {
      await retrying(async () => {
        const response = await sendBytes(context.fetch, {
          url: grant.uploadUrl,
          method: grant.method,
          headers: grant.headers,
          body: file,
          onProgress: (sentBytes) => meter.update(Math.min(sentBytes, file.size)),
          signal,
        });
        // 412: the object is there. An earlier try arrived and only its answer was lost.
        if (response.status >= 300 && response.status !== 412) throw errorOfResponse(response);
      }, retry);
      meter.update(file.size);
      options.onState?.({ phase: "completing", key: grant.key });
      return await retrying(
        () => storage.completeUpload.mutate({ key: grant.key }, { signal }),
        retry,
      );
    } catch (error) {
      await release(context, grant.key);
      const failure = toFermataError(error);
      const expired = failure.code === "UPLOAD_EXPIRED" || isPast(grant.expiresAt);
      if (!expired || failure.code === "ABORTED" || grants >= maxGrants) throw failure;
    }
  }
}

async function putInParts(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions,
): Promise<Media> {
  const { signal } = options;
  const { storage } = context.trpc;
  const retry = { policy: context.retry, signal };
  const meter = createProgressMeter(file.size, options.onProgress);
  const { key, partSizeBytes } = await retrying(
    () => storage.createMultipartUpload.mutate(describe(file, options), { signal }),
    retry,
  );
  options.onState?.({ phase: "sending", key });
  try {
    const parts = await uploadParts({
      file,
      parts: planParts(file.size, partSizeBytes),
      sign: (partNumbers, uploaded) =>
        storage.signParts.mutate(
          {
            key,
            parts: partNumbers.map((partNumber) => ({ partNumber })),
            ...(uploaded.length > 0 && { uploaded }),
          },
          { signal },
        ),
      concurrency: Math.min(maxConcurrency, Math.max(1, options.concurrency ?? 4)),
      fetch: context.fetch,
      retry: context.retry,
      onProgress: (loadedBytes) => meter.update(loadedBytes),
      signal,
    });
    options.onState?.({ phase: "completing", key });
    return await retrying(
      () => storage.completeMultipartUpload.mutate({ key, parts }, { signal }),
      retry,
    );
  } catch (error) {
    await release(context, key);
    throw toFermataError(error);
  }
}

function describe(file: Blob, { filename, visibility = "public" }: UploadMediaOptions) {
  return {
    filename: filename ?? nameOf(file) ?? "untitled",
    contentType: file.type || "application/octet-stream",
    sizeBytes: file.size,
    visibility,
  };
}

/** Gives back the quota that a pending upload holds. When this fails, too, the server's sweep does it. */
async function release({ trpc }: UploadContext, key: string): Promise<void> {
  const signal = AbortSignal.timeout(releaseMs);
  await trpc.storage.abortUpload.mutate({ key }, { signal }).catch(() => {});
}

function isPast(instant: string): boolean {
  return Date.parse(instant) <= Date.now();
}
