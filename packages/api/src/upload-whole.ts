import { toFermataError } from "./api-error";
import type { Media } from "./procedures";
import { createProgressMeter } from "./progress-meter";
import { retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { createStoreProbe } from "./store-probe";
import { md5Of } from "./upload-checksum";
import type { UploadContext } from "./upload-context";
import type { UploadMediaOptions } from "./upload-options";
import { runPausable } from "./upload-pause";
import { describe, release } from "./upload-request";
import { ruleOf } from "./upload-rules";

/** New grants for a PUT whose URL expired before its bytes were through. */
const maxGrants = 3;
/** Sent again this often when bytes were changed on the way. */
const maxDamagedTries = 2;

/** From here on a connection that breaks in the middle is answered by sending parts. */
const worthCuttingBytes = 4 * 1024 * 1024;
const maxBroken = 2;

/**
 * One PUT of the whole file.
 * @returns null when its connections broke so often that it should go in parts
 */
export async function uploadWhole(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions,
): Promise<Media | null> {
  const { signal, pause, checksum = true } = options;
  const { storage } = context.trpc;
  const retry = { policy: context.retry, signal };
  const meter = createProgressMeter(file.size, options.onProgress);
  const described = await describe(file, options);
  let md5 = null as Promise<string | null> | null;
  let damagedTries = 0;

  for (let grants = 1; ; grants++) {
    const grant = await runPausable(pause, signal, () =>
      retrying(
        () => storage.getUploadUrl.mutate({ ...described, ...ruleOf(options) }, { signal }),
        retry,
      ),
    );
    const { key } = grant;
    // The next one need not ask.
    context.directBytes = grant.direct?.maxBytes ?? null;
    options.onState?.({ phase: "sending", key, resumedBytes: 0 });
    let isSent = false;
    try {
      await runPausable(pause, signal, (signal) => {
        meter.restart(0);
        return put(grant, signal);
      });
      isSent = true;
      meter.update(file.size);
      options.onState?.({ phase: "completing", key });
      const told = await md5;
      return await retrying(
        () =>
          context.together.run(() =>
            storage.completeUpload.mutate({ key, ...(told && { md5: told }) }, { signal }),
          ),
        retry,
      );
    } catch (error) {
      await release(context, key);
      const failure = toFermataError(error);
      if (failure.code === "NETWORK" && !isSent && file.size > worthCuttingBytes) return null;
      if (failure.code === "CHECKSUM_MISMATCH" && ++damagedTries <= maxDamagedTries) continue;
      const expired = failure.code === "UPLOAD_EXPIRED" || isPast(grant.expiresAt);
      if (!expired || failure.code === "ABORTED" || grants >= maxGrants) throw failure;
    }
  }

  function checksumOf(file: Blob): Promise<string | null> {
    const computing = md5Of(file, signal);
    // It is heard in the end; an upload that fails before does not ask for it.
    computing.catch(() => {});
    return computing;
  }

  function put(
    {
      uploadUrl,
      method,
      headers,
    }: { uploadUrl: string; method: "PUT"; headers: Record<string, string> },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const probe = createStoreProbe(context.fetch, () => storage.usage.query());
    const { maxTries } = context.retry;
    const tries = file.size > worthCuttingBytes ? Math.min(maxBroken, maxTries) : maxTries;
    return retrying(
      async () => {
        const response = await context.parallelism.run(signal, () => {
          const sending = sendBytes(context.fetch, {
            url: uploadUrl,
            method,
            headers,
            body: file,
            onProgress: (sentBytes) => meter.update(Math.min(sentBytes, file.size)),
            stallMs: context.retry.stallMs,
            probe,
            signal,
          });
          // While the bytes travel: no byte waits for it, and the server compares it in the end.
          if (checksum) md5 ??= checksumOf(file);
          return sending;
        });
        // 412: the object is there. An earlier try arrived and only its answer was lost.
        if (response.status >= 300 && response.status !== 412)
          throw await errorOfResponse(response, file.size);
      },
      {
        policy: { ...context.retry, maxTries: tries },
        signal,
      },
    );
  }
}

function isPast(instant: string): boolean {
  return Date.parse(instant) <= Date.now();
}
