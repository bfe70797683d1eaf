import { limits } from "@fermata/contract";
import { FermataError, toFermataError } from "./api-error";
import { typeOf } from "./file-type";
import { requireReadable } from "./local-file";
import { parseJson } from "./parse-json";
import { createProgressMeter, type UploadProgress } from "./progress-meter";
import { isTransient, retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { timeoutSignal } from "./signals";
import type { StoreProbe } from "./store-probe";
import type { RequestContext } from "./upload-context";
import { nameOf, releaseMs } from "./upload-request";
import { ruleOf } from "./upload-rules";

export interface UploadFileOptions {
  /** The name of a rule of the server's own, and what the rule takes along. */
  as?: string;
  input?: unknown;
  /** Taken from the `File` when left out. */
  filename?: string;
  onProgress?(progress: UploadProgress): void;
  signal?: AbortSignal;
  /** Have the server compare a SHA-256 of the bytes. Left out where the page is not in a secure context. */
  checksum?: boolean;
}

export interface UploadedFile {
  storageId: string;
}

/** New URLs asked for when one was spent or expired while the network was failing. */
const maxGrants = 3;
/** Vercel lets 4.5 MB through. Larger ones ask for a way to the store, where there is one. */
const surelyPassesBytes = 4_000_000;
/** Sent again this often; a file that changes while it is read would never match. */
const maxDamagedTries = 2;

/** See `uploadFile` in file-uploads. */
export async function uploadFile(
  context: RequestContext,
  file: Blob,
  options: UploadFileOptions = {},
): Promise<UploadedFile> {
  const { signal, checksum = true } = options;
  // A rule's own bound is the server's to say.
  const limitBytes = options.as === undefined ? limits.files.maxBytes : limits.files.ruleMaxBytes;
  if (file.size > limitBytes) {
    throw new FermataError("PAYLOAD_TOO_LARGE", undefined, {
      details: { limitBytes, sizeBytes: file.size },
    });
  }
  if (file.size === 0) throw new FermataError("INVALID_INPUT", "The file is empty.");
  if (signal?.aborted) throw new FermataError("ABORTED");
  const type = typeOf(file, await requireReadable(file));
  const filename = options.filename ?? nameOf(file);
  const digest = checksum ? await sha256Of(file) : null;
  let probe = undefined as StoreProbe | undefined;
  const meter = createProgressMeter(file.size, options.onProgress);
  const retry = { policy: context.retry, signal };
  let damagedTries = 0;
  let isDirect = file.size > surelyPassesBytes;

  for (let grants = 1; ; grants++) {
    const { url, put, storageId } = await retrying(
      () =>
        context.trpc.files.generateUploadUrl.mutate(
          {
            sizeBytes: file.size,
            ...(type && { contentType: type }),
            ...(filename && { filename }),
            ...(digest && { sha256: toHex(digest) }),
            ...(isDirect && { direct: true }),
            ...ruleOf(options),
          },
          { signal },
        ),
      retry,
    );
    try {
      return await retrying(() => (put ? putAndTell(url, put) : post(url)), {
        ...retry,
        isRetryable: (error) =>
          isTransient(error) || (isDamaged(error) && ++damagedTries <= maxDamagedTries),
      });
    } catch (error) {
      const failure = toFermataError(error);
      // The answer to an earlier try was lost: the server tells what became of those bytes, if it can.
      const storedId = failure.details?.storageId;
      if (failure.code === "UPLOAD_ALREADY_USED" && typeof storedId === "string") {
        return { storageId: storedId };
      }
      // Something before the server let it not through: the store may take it.
      const isHeldBack = !isDirect && failure.details?.reason === "proxy";
      if (isHeldBack) isDirect = true;
      const spent = failure.code === "UPLOAD_ALREADY_USED" || failure.code === "UPLOAD_EXPIRED";
      await releaseFile(context, storageId);
      if (grants >= maxGrants || !(spent || isHeldBack)) throw failure;
    }
  }

  /** The bytes go to the store, and the server looks at them there. */
  async function putAndTell(
    url: string,
    put: { url: string; headers: Record<string, string> },
  ): Promise<UploadedFile> {
    if (!probe) {
      // Most files never go this way.
      const { createStoreProbe } = await import("./store-probe");
      probe = createStoreProbe(context.fetch, () => context.trpc.files.usage.query());
    }
    const stored = await sendBytes(context.fetch, {
      ...put,
      method: "PUT",
      body: file,
      onProgress: (sentBytes) => meter.update(Math.min(sentBytes, file.size)),
      stallMs: context.retry.stallMs,
      probe,
      signal,
    });
    // 412: they are there. An earlier try arrived and only its answer was lost.
    if (stored.status >= 300 && stored.status !== 412)
      throw await errorOfResponse(stored, file.size);
    const response = await sendBytes(context.fetch, {
      url,
      method: "POST",
      headers: { ...headersOf(), "x-fermata-stored": "1" },
      body: new Blob([]),
      stallMs: context.retry.stallMs,
      signal,
    });
    if (response.status >= 300) throw await errorOfResponse(response, file.size);
    return readAnswer(response.body);
  }

  function headersOf(): Record<string, string> {
    return {
      "content-type": type || "application/octet-stream",
      ...(digest && { digest: `sha-256=${toBase64(digest)}` }),
    };
  }

  async function post(url: string): Promise<UploadedFile> {
    const response = await sendBytes(context.fetch, {
      url,
      method: "POST",
      headers: headersOf(),
      body: file,
      onProgress: (sentBytes) => meter.update(Math.min(sentBytes, file.size)),
      stallMs: context.retry.stallMs,
      signal,
    });
    if (response.status >= 300) throw await errorOfResponse(response, file.size);
    return readAnswer(response.body);
  }
}

/** Gives back the quota that an unused grant holds. When this fails, too, it is given back within the hour. */
async function releaseFile({ trpc }: RequestContext, storageId: string | undefined): Promise<void> {
  // Servers of the first release do not say it.
  if (!storageId) return;
  const signal = timeoutSignal(releaseMs);
  await trpc.files.abortUpload.mutate({ storageId }, { signal }).catch(() => {});
}

/** Bytes were lost or changed on the way. The grant is still good: nothing was stored. */
function isDamaged({ code }: FermataError): boolean {
  return code === "CHECKSUM_MISMATCH" || code === "UPLOAD_INCOMPLETE";
}

function readAnswer(body: string): UploadedFile {
  const answer = parseJson(body);
  if (typeof answer === "object" && answer !== null && "storageId" in answer) {
    if (typeof answer.storageId === "string") return { storageId: answer.storageId };
  }
  // A network that asks for a sign-in answers whatever is asked, once or for a while.
  throw new FermataError("NETWORK", "The upload was answered by something that is not Fermata.");
}

async function sha256Of(file: Blob): Promise<Uint8Array | null> {
  // Browsers keep it from pages that are served without TLS from another machine.
  if (!globalThis.crypto?.subtle || !file.arrayBuffer) return null;
  try {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  } catch (error) {
    throw toFermataError(error);
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
