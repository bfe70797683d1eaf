import { FermataError } from "./api-error";
import type { BytesResponse } from "./bytes-request";
import { PartOffset } from "./continue-part";
import type { FirstPart } from "./first-part";
import { parseJson } from "./parse-json";
import { checksumsOf, type PartChecksum } from "./part-checksums";
import { type CompletedPart, createPartUrls, type SignParts } from "./part-urls";
import { type Part, sizeOf } from "./plan-parts";
import { type PartsToPrepare, type PreparedPart, PreparedParts } from "./prepare-parts";
import type { PartCounts } from "./progress-meter";
import { isTransient, retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { anySignal } from "./signals";
import type { StoreProbe } from "./store-probe";
import { type BeginFlight, Stragglers } from "./stragglers";
import { base64ToHex } from "./upload-checksum";
import type { Parallelism } from "./upload-parallelism";
import { runPausable } from "./upload-pause";

export interface PartsUpload extends PartsToPrepare {
  /** Parts that the store has already. Those whose bytes are no longer the file's are sent again. */
  completed?: CompletedPart[] | undefined;
  sign: SignParts;
  parallelism: Parallelism;
  /** Parts that are read, signed or on their way at once: a few more than fly, so that the next ones are ready. */
  workers: number;
  /** Tell the server of each part that the store took; needless where the store itself does. */
  reports: boolean;
  /** What came of a part whose connection was cut stays in the store. */
  keepsCutParts?: boolean | undefined;
  /** The last part to arrive completes the upload, where its sender says that it may be the last. */
  completesWithLast?: boolean | undefined;
  /** The first of the missing parts may have been on their way when an earlier session ended. */
  resumed?: boolean | undefined;
  /** The first part, where it left before there was a URL for it. */
  first?: FirstPart | null | undefined;
  probe?: StoreProbe | undefined;
  onProgress?(loadedBytes: number, counts: PartCounts): void;
  /** What the server has not heard of: a completion names it, and tells of it. */
  onUnreported?(parts: CompletedPart[]): void;
  /** The upload is complete, with what its completion would answer. */
  onComplete?(media: unknown): void;
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
  const signal = anySignal(upload.signal, failed.signal);
  const preparing = new PreparedParts(upload, urls, signal);
  const loadedOf = new Map<number, number>();
  let loadedBytes = 0;
  let flying = 0;
  /** Parts whose bytes nobody has compared yet. */
  let uncompared = preparing.unhashed;
  /** A part left that completes the upload, if it was the last one missing: then the store knows the upload no more. */
  let mayBeOver = false;
  /** Parts that went through, and times that more of one was kept. */
  let steps = 0;
  const known = parts.filter(({ partNumber }) => done.has(partNumber));
  /** Those of which nothing has left yet. */
  const unsent = new Set(parts.map(({ partNumber }) => partNumber));
  for (const { partNumber } of known) unsent.delete(partNumber);
  const stragglers = new Stragglers(() => unsent.size === 0 && upload.parallelism.hasRoom);
  for (const part of known) loaded(part, sizeOf(part));

  try {
    const [changed] = await Promise.all([
      findChanged(known),
      sendAll(parts.filter(({ partNumber }) => !done.has(partNumber))),
    ]);
    for (const part of changed) {
      done.delete(part.partNumber);
      unsent.add(part.partNumber);
      loaded(part, 0);
    }
    await sendAll(changed);
  } finally {
    upload.onUnreported?.(urls.end(signal.aborted));
    await preparing.close();
  }
  throwFailure();
  return parts.flatMap(({ partNumber }) => done.get(partNumber) ?? []);

  /** Never rejects; whatever failed is the reason of `failed`. */
  async function sendAll(missing: Part[]): Promise<void> {
    const queue = missing.entries();
    const prepared = preparing.ahead(missing);
    const workers = Math.min(upload.workers, missing.length);
    // Whichever of the last few it is; not where others are still compared.
    const isWhole = upload.completesWithLast === true && missing.length === parts.length;
    const lastFrom = isWhole ? missing.length - upload.workers : missing.length;
    await Promise.all(Array.from({ length: workers }, () => work(queue, prepared, lastFrom)));
  }

  async function work(
    queue: IterableIterator<[number, Part]>,
    prepared: (index: number) => Promise<PreparedPart>,
    lastFrom: number,
  ): Promise<void> {
    for (const [index, part] of queue) {
      if (signal.aborted) return;
      try {
        const mayBeHeld = upload.resumed === true && index < upload.workers;
        const said = { mayBeHeld, mayBeLast: index >= lastFrom };
        const first = await prepared(index);
        const sent = await sendPart(part, first, said);
        if (first.late) uncompared--;
        const { isCompared: _, ...told } = sent;
        if (upload.reports) urls.report(told);
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
        const told = done.get(part.partNumber);
        const kind = told?.sha256 ? "sha256" : "md5";
        if (!told?.[kind]) continue;
        const [found] = await checksumsOf([bytesOf(part)], kind, signal);
        if (found?.[kind] && found[kind] !== told[kind]) changed.push(part);
      }
    } catch (error) {
      failed.abort(error);
    }
    return changed;
  }

  function sendPart(
    part: Part,
    first: PreparedPart,
    { mayBeHeld, mayBeLast }: { mayBeHeld: boolean; mayBeLast: boolean },
  ): Promise<CompletedPart> {
    let prepared: PreparedPart | null = first;
    let ahead = (part.partNumber === 1 && upload.first) || null;
    const offset = new PartOffset(sizeOf(part), mayBeHeld || ahead !== null);
    const sentSome = (bytes: number) => {
      loaded(part, Math.min(bytes, sizeOf(part)));
      // The line is busy by now. Whoever hears of the answer hears of a failure.
      if (bytes > offset.heldBytes) prepared?.late?.().catch(() => {});
    };
    /** Of the one that left before there was a URL; what did not get through goes by its URL. */
    const answerAhead = async (
      signal: AbortSignal | undefined,
      onProgress: (sentBytes: number) => void,
    ): Promise<BytesResponse | null> => {
      const sent = ahead;
      ahead = null;
      // Nobody would compare it.
      if (!sent || !prepared?.late) return null;
      flying++;
      try {
        return await sent.answer(signal, onProgress);
      } finally {
        flying--;
      }
    };
    let isLast = false;
    const sendRest = async (
      { url, headers, body, unsignedHeaders }: PreparedPart,
      signal: AbortSignal | undefined,
      begin: BeginFlight,
      onProgress: (sentBytes: number) => void,
    ): Promise<BytesResponse> => {
      const grows = isKept(prepared);
      if (await offset.find(upload.fetch, { url, headers: unsignedHeaders }, grows, signal))
        steps++;
      const { heldBytes } = offset;
      const restBytes = sizeOf(part) - heldBytes;
      // Said only now: while it waited for its turn, those before it were compared.
      isLast = mayBeLast && uncompared === 0;
      mayBeOver ||= isLast;
      const said = { ...headers, ...(isLast && { "upload-complete": "?1" }) };
      const moved = begin(restBytes, (sentBytes) => (grows ? restBytes - sentBytes : sizeOf(part)));
      flying++;
      loaded(part, heldBytes);
      try {
        return await sendBytes(upload.fetch, {
          url,
          method: "PUT",
          ...offset.rest({ headers: said, body }),
          onProgress(sentBytes) {
            sentSome(heldBytes + sentBytes);
            onProgress(sentBytes);
            moved(sentBytes);
          },
          stallMs: upload.retry.stallMs,
          ...(upload.probe && { probe: upload.probe }),
          signal,
        });
      } finally {
        flying--;
      }
    };
    return runPausable(upload.pause, signal, (signal) => {
      let resigns = 0;
      let refused = false;
      let compared = false;
      let isOver = false;
      return retrying(
        async () => {
          refused = false;
          prepared ??= await preparing.again(part, signal);
          const ready = prepared;
          const { checksum } = ready;
          isLast = false;
          const response = await upload.parallelism.run(signal, async (onProgress) => {
            unsent.delete(part.partNumber);
            const answer = await answerAhead(signal, (sentBytes) => {
              sentSome(sentBytes);
              onProgress(sentBytes);
            });
            if (answer) return answer;
            return stragglers.run(signal, (signal, begin) =>
              sendRest(ready, signal, begin, onProgress),
            );
          });
          // The part is there, and it is the upload that was refused.
          isOver = isLast && response.status >= 300 && response.header("etag") !== null;
          if (isOver) throw await errorOfResponse(response);
          // R2 documents 400 for an expired URL, other stores say 403.
          refused = response.status === 400 || response.status === 403;
          offset.answered(response);
          const { partNumber } = part;
          const failure =
            response.status >= 300 ? await errorOfResponse(response, sizeOf(part)) : null;
          // It may be one of those that ended it, and the completion says so.
          if (failure && !(mayBeOver && failure.code === "NOT_FOUND")) throw failure;
          const etag = failure ? etagOf(checksum) : readEtag(response);
          if (isLast && !failure && response.body) upload.onComplete?.(parseJson(response.body));
          const told = (await prepared.late?.()) ?? checksum;
          const isCompared = !prepared.late || isEtagOf(told, etag);
          if (!isCompared && mayBeEtagOf(told, etag)) {
            // Changed on the way: the store is told what it is to be.
            prepared.release();
            preparing.doubt();
            prepared = await preparing.again(part, signal);
            throw new FermataError("CHECKSUM_MISMATCH", undefined, { details: { partNumber } });
          }
          const sent = { partNumber, etag, ...told, isCompared };
          done.set(partNumber, sent);
          steps++;
          loaded(part, sizeOf(part));
          upload.parallelism.succeeded();
          prepared.release();
          return sent;
        },
        {
          policy: upload.retry,
          signal,
          progress: () => steps,
          isRetryable: (error) => {
            if (isOver) return false;
            if (isTransient(error)) upload.parallelism.failed(leftFlying(error));
            const isMismatch = error.code === "CHECKSUM_MISMATCH";
            if ((isMismatch || !refused) && !isTransient(error) && offset.givesUp(error))
              return true;
            if (isMismatch && prepared && !prepared.late && !compared) {
              compared = true;
              return true;
            }
            if (!refused) return isTransient(error);
            // As all of them may be: expired, or by a store that takes none without a checksum.
            preparing.doubt();
            prepared = null;
            return resigns++ < maxResigns;
          },
        },
      );
    });
  }

  /**
   * What breaks connections ends all that fly together. Where what came is kept, little is lost with two, and the line is
   * not idle between one part and the next.
   */
  function leftFlying({ code }: FermataError): number | undefined {
    if (code !== "NETWORK") return undefined;
    return upload.keepsCutParts ? 2 : 1;
  }

  /** Only of a part that somebody compares in the end: the store with its checksum, or this sender with its ETag. */
  function isKept(prepared: PreparedPart | null): boolean {
    if (!upload.keepsCutParts || !prepared) return false;
    return prepared.late !== undefined || Object.keys(prepared.checksum).length > 0;
  }

  function bytesOf(part: Part): Blob {
    return file.slice(part.startByte, part.endByte);
  }

  function loaded(part: Part, bytes: number) {
    loadedBytes += bytes - (loadedOf.get(part.partNumber) ?? 0);
    loadedOf.set(part.partNumber, bytes);
    upload.onProgress?.(loadedBytes, { all: parts.length, stored: done.size, flying });
  }

  function throwFailure() {
    if (upload.signal?.aborted) throw new FermataError("ABORTED");
    if (failed.signal.aborted) throw failed.signal.reason;
  }
}

/** Of what our own store was told of, and where ETags are MD5s. */
function etagOf({ md5, sha256 }: PartChecksum): string {
  return `"${sha256 ?? (md5 ? base64ToHex(md5) : "")}"`;
}

/** Whether an ETag, with or without its quotes, is that checksum. */
export function isEtagOf(told: PartChecksum, etag: string): boolean {
  return etagOf(told) === `"${etag.replaceAll('"', "")}"`;
}

/** Where ETags are something else, as those of R2's simulator are, the completion compares. */
function mayBeEtagOf({ md5, sha256 }: PartChecksum, etag: string): boolean {
  if (sha256) return true;
  return md5 !== undefined && /^"?[0-9a-f]{32}"?$/.test(etag);
}

function readEtag({ header, body }: BytesResponse): string {
  const etag = header("etag");
  if (etag) return etag;
  // A store says nothing to a part. A network that asks for a sign-in answers with a page of its own.
  if (body.trim()) throw new FermataError("NETWORK", "Something that is not the store answered.");
  throw new FermataError(
    "FORBIDDEN",
    "The store hides the ETag header from this page. Add ETag to ExposeHeaders in the bucket's CORS rule.",
    { details: { reason: "cors", header: "ETag" } },
  );
}
