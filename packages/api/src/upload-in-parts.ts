import { type FermataError, type FermataErrorCode, toFermataError } from "./api-error";
import { FirstPart } from "./first-part";
import type { ChecksumKind } from "./part-checksums";
import type { CompletedPart, SignedPart } from "./part-urls";
import { planParts } from "./plan-parts";
import type { Media } from "./procedures";
import { createProgressMeter, type PartCounts } from "./progress-meter";
import { isTransient, retryDelayMs, retrying, waitOut } from "./retry";
import { sendsByNode } from "./send-by-node";
import { createStoreProbe } from "./store-probe";
import { hasSha256 } from "./upload-checksum";
import type { UploadContext } from "./upload-context";
import { fingerprintOf } from "./upload-fingerprint";
import { inOneTab } from "./upload-lock";
import type { UploadMediaOptions } from "./upload-options";
import { defaultBounds, Parallelism } from "./upload-parallelism";
import { isEtagOf, uploadParts } from "./upload-parts";
import { runPausable } from "./upload-pause";
import { describe, release } from "./upload-request";
import { ruleOf } from "./upload-rules";

const mib = 1024 * 1024;
/** A request costs as much as some hundred KB on a fast line. */
const keptPartBytes = 4 * mib;
const maxConcurrency = 16;
/** As many as a server signs at once, before anybody has read them: the contract's limit, without its bytes in the bundle. */
const signedFirst = 16;
/** Parts that are read and signed while others fly. */
const aheadParts = 2;
/** The store may lose an open upload, as by a rule of its bucket: then another one is begun. */
const maxUploads = 2;
/** Two browsers that send the same upload overwrite each other's parts: then the list is read again, so often. */
const maxRepairs = 3;

/** How often, and after which pauses, it is looked whether an upload that the store knows no more has become media. */
const maxLooks = 8;
const lookPauseMs = 400;

interface OpenUpload {
  key: string;
  partSizeBytes: number;
  resumed: boolean;
  /** Servers that do not say so take an MD5, and want to be told of parts. */
  checksum?: ChecksumKind;
  knowsParts?: boolean;
  keepsCutParts?: boolean | undefined;
  comparesDigests?: boolean | undefined;
  etagIsMd5?: boolean | undefined;
  completesWithLast?: boolean | undefined;
  /** Of the first parts; servers that do not give them sign as ever. */
  urls?: SignedPart[] | undefined;
  /** On its way since before the upload was opened. */
  first?: FirstPart | null;
}

/** A multipart upload, begun or continued. */
export async function uploadInParts(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions,
): Promise<Media> {
  const { signal, resume = true } = options;
  const { storage } = context.trpc;
  const retry = { policy: context.retry, signal };
  const { filename = "name" in file ? String(file.name) : "" } = options;
  const fingerprinting = resume ? fingerprintOf(file, filename) : null;
  // Of a file that cannot be read `describe` says so better.
  fingerprinting?.catch(() => {});
  const described = await describe(file, options);
  const fingerprint = await fingerprinting;
  const isKept = context.takes.direct !== undefined;
  const partSizeBytes = wantedPartBytes(file.size, isKept);
  const once = <T>(call: () => Promise<T>) =>
    runPausable(options.pause, signal, () => retrying(call, retry));

  /** What arrived was not what left: then each part is hashed before it leaves, so that the store compares it. */
  let isDamaged = false;
  for (let uploads = 1; ; uploads++) {
    const isSmall = partSizeBytes <= (context.takes.firstPart?.maxBytes ?? 0);
    const isAhead = uploads === 1 && fingerprint && isSmall && mayGoAhead(context, options);
    const first = isAhead ? new FirstPart(context, file.slice(0, partSizeBytes), options) : null;
    // Named once: what is asked again may have been heard.
    let { opening } = first ?? {};
    const upload = await once(() => {
      const named = opening && { opening };
      opening = undefined;
      // By another call it may be another row.
      if (!named) first?.end();
      return storage.createMultipartUpload.mutate(
        {
          ...described,
          ...(fingerprint && { fingerprint }),
          ...ruleOf(options),
          partSizeBytes,
          ...(!isDamaged && { signFirst: signedFirst }),
          ...named,
        },
        { signal },
      );
    }).catch((error) => {
      first?.end();
      throw error;
    });
    const { key } = upload;
    const isFirst = !upload.resumed && upload.partSizeBytes === partSizeBytes;
    if (!isFirst) first?.end();
    // Whoever only waits for another tab has nothing to give up.
    let isMine = false;
    const onWait = () => options.onState?.({ phase: "waiting", key });
    try {
      return await inOneTab(`fermata-upload-${key}`, { signal, onWait }, () => {
        isMine = true;
        return sendUpload(
          context,
          file,
          options,
          { ...upload, first: isFirst ? first : null },
          () => findSettled(key),
        );
      });
    } catch (error) {
      const failure = toFermataError(error);
      const isCompletions = failure.code === "CHECKSUM_MISMATCH" && failure.details?.algorithm;
      const row = isCompletions || isOver(failure) ? await findSettled(key) : null;
      // Another session completed it.
      if (row?.status === "ready") return row;
      if (isCompletions && row?.status === "failed" && !isDamaged) {
        isDamaged = true;
        continue;
      }
      if (isMine && !staysOpen(failure)) await release(context, key);
      if (row?.status !== "pending" || uploads >= maxUploads) throw failure;
    } finally {
      first?.end();
    }
  }

  /** Another session may have ended it in the store just now, and be about to in the server: it must not be given up then. */
  async function findSettled(key: string): Promise<Media | null> {
    for (let looks = 1; ; looks++) {
      const row = await once(() => storage.getMetadata.query({ key }, { signal }));
      if (row?.status !== "pending" || looks >= maxLooks) return row;
      await waitOut(lookPauseMs, signal);
    }
  }
}

async function sendUpload(
  context: UploadContext,
  file: Blob,
  options: UploadMediaOptions,
  { key, partSizeBytes, resumed, ...upload }: OpenUpload,
  findSettled: () => Promise<Media | null>,
): Promise<Media> {
  const { signal, pause, concurrency, checksum = true } = options;
  const { storage } = context.trpc;
  const retry = { policy: context.retry, signal };
  const most = Math.min(maxConcurrency, Math.max(1, concurrency ?? defaultBounds.most));
  const parallelism =
    concurrency === undefined ? context.parallelism : new Parallelism({ ...defaultBounds, most });
  const listed = () => retrying(() => storage.listParts.query({ key }, { signal }), retry);
  const probe = createStoreProbe(context.fetch, () => storage.usage.query());
  const { comparesDigests, etagIsMd5 } = upload;
  let urls = ((comparesDigests || etagIsMd5) && upload.urls) || [];
  const parts = planParts(file.size, partSizeBytes);
  const meter = createProgressMeter(file.size, options.onProgress);
  let loadedBytes = 0;
  let counts: PartCounts | undefined;
  const completed: { media?: Media } = {};
  let unreported: CompletedPart[] = [];
  /** For one attempt: those of a repair are signed anew. */
  const takeFirst = () => {
    const first = urls;
    urls = [];
    return first;
  };
  const send = (known: CompletedPart[]) =>
    uploadParts({
      file,
      parts,
      completed: known,
      firstUrls: known.length === 0 ? takeFirst() : [],
      etagIsMd5,
      sign: (toSign, uploaded) =>
        storage.signParts.mutate({ key, parts: toSign, uploaded }, { signal }),
      parallelism,
      workers: most + aheadParts,
      checksum: checksum ? (upload.checksum ?? "md5") : null,
      reports: !upload.knowsParts,
      keepsCutParts: upload.keepsCutParts,
      completesWithLast: upload.completesWithLast,
      resumed,
      first: upload.first,
      fetch: context.fetch,
      probe,
      retry: context.retry,
      pause,
      onProgress(bytes, partCounts) {
        loadedBytes = bytes;
        counts = partCounts;
        meter.update(bytes, partCounts);
      },
      onUnreported(parts) {
        unreported = parts;
      },
      onComplete(media) {
        completed.media = media as Media;
      },
      signal,
    });

  const found = resumed ? (await listed()).parts : [];
  const resumedBytes = found.reduce((sum, part) => sum + part.sizeBytes, 0);
  meter.restart(resumedBytes, { all: parts.length, stored: found.length, flying: 0 });
  options.onState?.({ phase: "sending", key, resumedBytes });
  const unsubscribe = pause?.subscribe(() => meter.restart(loadedBytes, counts));
  try {
    let sent = await send(found);
    for (let repairs = 0; ; repairs++) {
      options.onState?.({ phase: "completing", key });
      if (completed.media) return completed.media;
      const named = namedParts(sent);
      try {
        return await retrying(
          () => storage.completeMultipartUpload.mutate({ key, parts: named }, { signal }),
          retry,
        );
      } catch (error) {
        const failure = toFermataError(error);
        if (failure.code !== "UPLOAD_INCOMPLETE" || repairs >= maxRepairs) throw failure;
        // Another browser that sends the same file puts its parts over these, and each names what it knows: so all is told.
        const uploaded = unreported;
        if (uploaded.length > 0)
          await retrying(
            () => storage.signParts.mutate({ key, parts: [], uploaded }, { signal }),
            retry,
          );
        // Whoever began it goes first: two that send anew at once would go on so.
        const row = resumed ? await findSettled() : null;
        if (row?.status === "ready") return row;
        await waitOut(retryDelayMs(context.retry, repairs + 1), signal);
        // What the server heard last is what the store has, unless that came out of order.
        sent = await send(repairs < maxRepairs - 1 ? (await listed()).parts : []);
      }
    }
  } finally {
    unsubscribe?.();
  }
}

/** With their MD5s where one of them was compared by nobody: the whole tells whether they are in it. */
function namedParts(parts: CompletedPart[]) {
  const isUnsure = parts.some(
    ({ md5, etag, isCompared, partNumber }) =>
      md5 && !isCompared && partNumber <= signedFirst && !isEtagOf({ md5 }, etag),
  );
  return parts.map(({ partNumber, etag, md5 }) => ({
    partNumber,
    etag,
    ...(isUnsure && md5 && { md5 }),
  }));
}

/** Only what is compared by its ETag in the end. Where Node sends, each part is read into memory first. */
function mayGoAhead({ fetch }: UploadContext, { checksum = true }: UploadMediaOptions): boolean {
  return checksum && hasSha256() && !sendsByNode(fetch);
}

const overCodes: FermataErrorCode[] = ["CONFLICT", "NOT_FOUND", "UPLOAD_EXPIRED"];

/**
 * So small that a connection which breaks every few seconds carries one, and not so many that each costs more than its bytes.
 * @param isKept parts that break go on at the byte, so that they need not be as small
 */
function wantedPartBytes(sizeBytes: number, isKept: boolean): number {
  const share = Math.ceil(sizeBytes / 64 / mib) * mib;
  return Math.min(8 * mib, Math.max(share, isKept ? keptPartBytes : 0));
}

/** The server or the store knows the upload no more: it was completed, aborted or lost. */
function isOver({ code }: FermataError): boolean {
  return overCodes.includes(code);
}

/** What may go on later is kept: the network is away, the session ended, another browser is at it. */
function staysOpen(failure: FermataError): boolean {
  const later: FermataErrorCode[] = ["RATE_LIMITED", "UNAUTHENTICATED", "UPLOAD_INCOMPLETE"];
  return isTransient(failure) || later.includes(failure.code);
}
