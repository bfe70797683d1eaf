import { type FermataError, toFermataError } from "./api-error";
import { requireReadable } from "./local-file";
import type { Media } from "./procedures";
import { createProgressMeter } from "./progress-meter";
import { isTransient, retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { createStoreProbe } from "./store-probe";
import { md5Of } from "./upload-checksum";
import type { UploadContext } from "./upload-context";
import { fingerprintOf } from "./upload-fingerprint";
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

/** What is smaller is sent again sooner than it is known again. */
const worthKnowingBytes = 1024 * 1024;

/**
 * One PUT of the whole file. What an earlier page began is taken up: where its bytes had arrived, they are not sent again.
 * @returns null when its connections broke so often that it should go in parts
 */
export async function uploadWhole(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions,
): Promise<Media | null> {
  const { signal, pause, checksum = true, resume = true } = options;
  const { storage } = context.trpc;
  const retry = { policy: context.retry, signal };
  const { keysUnderWay } = context;
  const meter = createProgressMeter(file.size, options.onProgress);
  const described = await describe(file, options);
  let md5 = null as Promise<string | null> | null;
  let damagedTries = 0;
  const isKnown = resume && file.size > worthKnowingBytes;
  let fingerprint = isKnown ? await fingerprintOf(file, described.filename) : null;
  const askForGrant = () =>
    runPausable(pause, signal, () =>
      retrying(
        () =>
          storage.getUploadUrl.mutate(
            { ...described, ...(fingerprint && { fingerprint }), ...ruleOf(options) },
            { signal },
          ),
        retry,
      ),
    );

  for (let grants = 1; ; grants++) {
    let grant = await askForGrant();
    if (keysUnderWay.has(grant.key)) {
      // This page sends the same file twice, and so two are meant.
      fingerprint = null;
      grant = await askForGrant();
    }
    const { key, resumed } = grant;
    keysUnderWay.add(key);
    // The next one need not ask.
    context.takes = grant;
    const resumedBytes = resumed === "stored" ? file.size : 0;
    options.onState?.({ phase: "sending", key, resumedBytes });
    let isSent = false;
    try {
      if (resumed === "stored") {
        meter.restart(resumedBytes);
        if (checksum) md5 ??= checksumOf(file);
      } else {
        await runPausable(pause, signal, (signal) => {
          meter.restart(0);
          return put(grant, signal);
        });
      }
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
      if (failure.code === "CHECKSUM_MISMATCH") await requireReadable(file);
      if (failure.code === "NETWORK" && !isSent && file.size > worthCuttingBytes) return null;
      if (failure.code === "CHECKSUM_MISMATCH" && ++damagedTries <= maxDamagedTries) continue;
      // Whoever began what was taken up may have given it up since.
      const isOver = resumed && (failure.code === "CONFLICT" || failure.code === "NOT_FOUND");
      const expired = failure.code === "UPLOAD_EXPIRED" || isPast(grant.expiresAt);
      const mayBeginAnew = isOver || expired;
      if (!mayBeginAnew || failure.code === "ABORTED" || grants >= maxGrants) throw failure;
    } finally {
      keysUnderWay.delete(key);
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
    let broken = 0;
    const isWorthCutting = ({ code }: FermataError) =>
      code === "NETWORK" && file.size > worthCuttingBytes && ++broken >= maxBroken;
    return retrying(
      async () => {
        const response = await context.parallelism.run(signal, (sent) => {
          const sending = sendBytes(context.fetch, {
            url: uploadUrl,
            method,
            headers,
            body: file,
            onProgress(sentBytes) {
              sent(sentBytes);
              meter.update(sentBytes);
            },
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
        context.parallelism.succeeded();
      },
      {
        policy: context.retry,
        signal,
        isRetryable: (error) => isTransient(error) && !isWorthCutting(error),
      },
    );
  }
}

function isPast(instant: string): boolean {
  return Date.parse(instant) <= Date.now();
}
