import { FermataError, toFermataError } from "./api-error";
import { requireReadable } from "./local-file";
import { parseJson } from "./parse-json";
import type { ChecksumKind, PartChecksum } from "./part-checksums";
import type { Media } from "./procedures";
import { createProgressMeter } from "./progress-meter";
import { isTransient, retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { base64ToHex, hasSha256, md5Of, sha256HexOf } from "./upload-checksum";
import type { UploadContext } from "./upload-context";
import type { UploadMediaOptions } from "./upload-options";
import { runPausable } from "./upload-pause";
import { describe } from "./upload-request";
import { ruleOf } from "./upload-rules";

export { warmUp } from "./warm-up";

/** Sent again this often when bytes were changed on the way. */
const maxDamagedTries = 2;
/** Where there is another way, so many connections may break before all bytes had left. */
const maxBroken = 2;

/**
 * One request with the file and who sends it, to a server that takes media itself. What arrived is compared with what was
 * read, by a checksum that is computed while the bytes travel.
 * @returns null where it should go another way: the route is gone, or does not take so much, or breaks where the store may not
 */
export async function uploadDirect(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions,
): Promise<Media | null> {
  const { signal, pause, checksum = true } = options;
  const meter = createProgressMeter(file.size, options.onProgress);
  const { contentType, filename, visibility } = await describe(file, options);
  let hashing = null as Promise<PartChecksum> | null;
  const isPassedOn = !context.takes.direct;
  // Browsers have it natively. Who passes on compares what the store tells, which is an MD5.
  const kind = !isPassedOn && hasSha256() ? "sha256" : "md5";
  let broken = 0;
  let hasAllLeft = false;

  for (let damaged = 0; ; damaged++) {
    // Not a UUID: pages without TLS have no crypto.randomUUID.
    const attempt = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const head = { filename, visibility, attempt, ...ruleOf(options) };
    try {
      const { media, etag } = await runPausable(pause, signal, (signal) => {
        meter.restart(0);
        return send(head, signal);
      });
      if (await isWhole(etag)) return media;
      await context.trpc.storage.delete.mutate({ key: media.key }, { signal });
      await requireReadable(file);
      if (damaged >= maxDamagedTries) throw new FermataError("CHECKSUM_MISMATCH");
    } catch (error) {
      const failure = toFermataError(error);
      if (failure.httpStatus === 404 || failure.httpStatus === 405) return null;
      if (isPassedOn && failure.httpStatus === 413) {
        // What a proxy did not let through, it will not let through the next time.
        if (failure.details?.reason === "proxy") context.refusedBytes = file.size;
        return null;
      }
      if (isBroken(failure)) return null;
      throw failure;
    }
  }

  async function hash(kind: ChecksumKind): Promise<PartChecksum> {
    const sha256 = kind === "sha256" ? await sha256HexOf(file) : null;
    if (sha256) return { sha256 };
    const md5 = await md5Of(file, options.signal);
    return md5 ? { md5 } : {};
  }

  /** Servers that know no SHA-256 tell an MD5, as all do of what they change on its way. */
  async function isWhole(etag: string | undefined): Promise<boolean> {
    let told = await hashing;
    if (told?.sha256 && etag?.length !== told.sha256.length) told = await hash("md5");
    const { md5, sha256 } = told ?? {};
    if (!md5 && !sha256) return true;
    return etag === (sha256 ?? base64ToHex(md5 ?? ""));
  }

  /** Not where the server may have all of it: then its answer was lost, and is asked for by the same attempt. */
  function isBroken({ code }: FermataError): boolean {
    return isPassedOn && code === "NETWORK" && !hasAllLeft && broken >= maxBroken;
  }

  function send(head: object, signal: AbortSignal | undefined) {
    let refusals = 0;
    const isRefused = (error: FermataError) =>
      error.code === "UNAUTHENTICATED" && context.renewsTokens && ++refusals === 1;
    return retrying(
      () =>
        context.parallelism.run(signal, async (sent) => {
          options.onState?.({ phase: "sending", key: null, resumedBytes: 0 });
          const sending = sendBytes(context.fetch, {
            // Where the server is asked, and so where its cookie goes.
            url: `${context.baseUrl}/media/upload`,
            method: "POST",
            headers: {
              ...(await context.authorization(refusals === 1)),
              "content-type": contentType,
              ...(checksum && kind === "sha256" && { "want-digest": "sha-256" }),
              "x-fermata-upload": encodeURIComponent(JSON.stringify(head)),
            },
            body: file,
            onProgress(sentBytes) {
              sent(sentBytes);
              meter.update(sentBytes);
              if (sentBytes < file.size) return;
              hasAllLeft = true;
              options.onState?.({ phase: "completing", key: null });
            },
            stallMs: context.retry.stallMs,
            signal,
          });
          if (checksum && !hashing) {
            hashing = hash(kind);
            // It is heard in the end; an upload that fails before does not ask for it.
            hashing.catch(() => {});
          }
          const response = await sending;
          if (response.status >= 300) throw await errorOfResponse(response, file.size);
          const media = parseJson(response.body);
          if (!isMedia(media)) {
            throw new FermataError("NETWORK", "Something that is not Fermata answered the upload.");
          }
          context.parallelism.succeeded();
          return { media, etag: response.header("etag")?.replaceAll('"', "") };
        }),
      {
        policy: context.retry,
        signal,
        isRetryable(error) {
          if (error.code === "NETWORK") broken++;
          return (isTransient(error) && !isBroken(error)) || isRefused(error);
        },
      },
    );
  }
}

function isMedia(value: unknown): value is Media {
  return typeof value === "object" && value !== null && "key" in value && "status" in value;
}
