import { FermataError } from "./api-error";
import { PartOffset } from "./continue-part";
import { PartBodies, type PartBody } from "./part-bodies";
import { type ChecksumKind, checksumsOf, groupParts, type PartChecksum } from "./part-checksums";
import { type CompletedPart, createPartUrls, type SignedPart, type SignParts } from "./part-urls";
import type { PauseControl } from "./pause-control";
import type { PartCounts } from "./progress-meter";
import { isTransient, type RetryPolicy, retrying } from "./retry";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { anySignal } from "./signals";
import type { StoreProbe } from "./store-probe";
import { base64ToHex } from "./upload-checksum";
import type { Parallelism } from "./upload-parallelism";
import { runPausable } from "./upload-pause";

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
  /** Of the first parts, without checksums: they leave at once, and are compared by their ETags once they are through. */
  firstUrls?: SignedPart[] | undefined;
  parallelism: Parallelism;
  /** Parts that are read, signed or on their way at once: a few more than fly, so that the next ones are ready. */
  workers: number;
  /** What the store is to compare each part with. */
  checksum: ChecksumKind | null;
  /** Tell the server of each part that the store took; needless where the store itself does. */
  reports: boolean;
  /** What came of a part whose connection was cut stays in the store. */
  keepsCutParts?: boolean | undefined;
  /** The first of the missing parts may have been on their way when an earlier session ended. */
  resumed?: boolean | undefined;
  fetch: typeof globalThis.fetch;
  probe?: StoreProbe | undefined;
  retry: RetryPolicy;
  pause?: PauseControl | undefined;
  onProgress?(loadedBytes: number, counts: PartCounts): void;
  signal?: AbortSignal | undefined;
}

interface ReadPart extends PartBody {
  checksum: PartChecksum;
}

interface PreparedPart extends ReadPart, SignedPart {
  /** What the store was not told to compare: computed while the part travels. */
  late?: Promise<PartChecksum>;
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
  const early = new Map(upload.firstUrls?.map((part) => [part.partNumber, part]));
  const bodies = new PartBodies(file, upload.fetch);
  const failed = new AbortController();
  const signal = anySignal(upload.signal, failed.signal);
  const loadedOf = new Map<number, number>();
  let loadedBytes = 0;
  let flying = 0;
  /** Parts that went through, and times that more of one was kept. */
  let steps = 0;
  const known = parts.filter(({ partNumber }) => done.has(partNumber));
  for (const part of known) loaded(part, sizeOf(part));

  try {
    const [changed] = await Promise.all([
      findChanged(known),
      sendAll(parts.filter(({ partNumber }) => !done.has(partNumber))),
    ]);
    for (const part of changed) {
      done.delete(part.partNumber);
      loaded(part, 0);
    }
    await sendAll(changed);
  } finally {
    await bodies.close();
  }
  throwFailure();
  return parts.flatMap(({ partNumber }) => done.get(partNumber) ?? []);

  /** Never rejects; whatever failed is the reason of `failed`. */
  async function sendAll(missing: Part[]): Promise<void> {
    const queue = missing.entries();
    const prepared = prepareAhead(missing);
    const workers = Math.min(upload.workers, missing.length);
    await Promise.all(Array.from({ length: workers }, () => work(queue, prepared)));
  }

  async function work(
    queue: IterableIterator<[number, Part]>,
    prepared: (index: number) => Promise<PreparedPart>,
  ): Promise<void> {
    for (const [index, part] of queue) {
      if (signal.aborted) return;
      try {
        const mayBeHeld = upload.resumed === true && index < upload.workers;
        const sent = await sendPart(part, await prepared(index), mayBeHeld);
        if (upload.reports) urls.report(sent);
      } catch (error) {
        // Only the first reason is kept, so the failures that it causes do not hide it.
        failed.abort(error);
      }
    }
  }

  /** Reads and signs a few parts together as soon as the first of them is wanted; each is given out once. */
  function prepareAhead(missing: Part[]): (index: number) => Promise<PreparedPart> {
    const waiting = new Map<number, Promise<PreparedPart>>();
    let first: Promise<unknown> | null = null;
    return (index) => {
      if (!waiting.has(index)) {
        // The very first leaves alone, as soon as it is hashed; those behind it are hashed while it travels.
        const isFirst = index === 0 && early.size === 0;
        const group = missing.slice(index, index + (isFirst ? 1 : groupParts));
        const preparing = first ? first.then(() => prepare(group)) : prepare(group);
        // Whoever sends it hears of its failure.
        if (isFirst) first = preparing.catch(() => {});
        for (const at of group.keys()) {
          const one = preparing.then((all) => all[at] as PreparedPart);
          // Nobody asks for the others once the upload has failed.
          one.catch(() => {});
          waiting.set(index + at, one);
        }
      }
      const one = waiting.get(index) as Promise<PreparedPart>;
      waiting.delete(index);
      return one;
    };
  }

  async function prepare(group: Part[]): Promise<PreparedPart[]> {
    const first = await prepareEarly(group);
    if (first) return first;
    const read = await readAll(group, signal);
    return runPausable(upload.pause, signal, (signal) =>
      retrying(() => signAll(group, read), { policy: upload.retry, signal }),
    );
  }

  /** @returns null where some of them have no URL yet */
  async function prepareEarly(group: Part[]): Promise<PreparedPart[] | null> {
    const signed = group.flatMap(({ partNumber }) => early.get(partNumber) ?? []);
    if (signed.length < group.length) return null;
    for (const { partNumber } of group) early.delete(partNumber);
    const read = await Promise.all(group.map((part) => bodies.of(part.startByte, part.endByte)));
    const bytes = read.map((part) => part.bytes);
    // An ETag of what was sent unsigned is its MD5, wherever it is a checksum.
    const sums = upload.checksum ? checksumsOf(bytes, "md5", signal) : Promise.resolve([]);
    // Whoever sends the part hears of it; an upload that failed asks for none.
    sums.catch(() => {});
    return read.map((one, index) => ({
      ...one,
      ...(signed[index] as SignedPart),
      checksum: {},
      late: sums.then((all) => all[index] ?? {}),
    }));
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

  function sendPart(part: Part, first: PreparedPart, mayBeHeld: boolean): Promise<CompletedPart> {
    let prepared: PreparedPart | null = first;
    const offset = new PartOffset(sizeOf(part), mayBeHeld);
    return runPausable(upload.pause, signal, (signal) => {
      let resigns = 0;
      let refused = false;
      let compared = false;
      return retrying(
        async () => {
          refused = false;
          prepared ??= await prepareAgain(part, signal);
          const { url, headers, body, checksum } = prepared;
          const response = await upload.parallelism.run(signal, async () => {
            if (await offset.find(upload.fetch, url, isKept(prepared), signal)) steps++;
            const { heldBytes } = offset;
            flying++;
            loaded(part, heldBytes);
            try {
              return await sendBytes(upload.fetch, {
                url,
                method: "PUT",
                ...offset.rest({ headers, body }),
                onProgress: (sentBytes) =>
                  loaded(part, Math.min(heldBytes + sentBytes, sizeOf(part))),
                stallMs: upload.retry.stallMs,
                ...(upload.probe && { probe: upload.probe }),
                signal,
              });
            } finally {
              flying--;
            }
          });
          // R2 documents 400 for an expired URL, other stores say 403.
          refused = response.status === 400 || response.status === 403;
          offset.answered(response);
          if (response.status >= 300) throw await errorOfResponse(response, sizeOf(part));
          const { partNumber } = part;
          const etag = readEtag(response.header("etag"));
          const told = (await prepared.late) ?? checksum;
          if (prepared.late && told.md5 && !isMd5(etag, told.md5)) {
            // Changed on the way, or a store whose ETags say something else: it is told to compare.
            prepared.release();
            prepared = await prepareAgain(part, signal);
            throw new FermataError("CHECKSUM_MISMATCH", undefined, { details: { partNumber } });
          }
          const sent = { partNumber, etag, ...told };
          done.set(partNumber, sent);
          steps++;
          loaded(part, sizeOf(part));
          upload.parallelism.succeeded(sizeOf(part));
          prepared.release();
          return sent;
        },
        {
          policy: upload.retry,
          signal,
          progress: () => steps,
          isRetryable: (error) => {
            if (isTransient(error)) upload.parallelism.failed(leftFlying(error));
            const isMismatch = error.code === "CHECKSUM_MISMATCH";
            if ((isMismatch || !refused) && !isTransient(error) && offset.givesUp(error))
              return true;
            if (isMismatch && prepared && !prepared.late && !compared) {
              compared = true;
              return true;
            }
            if (!refused) return isTransient(error);
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
    return prepared.late ? upload.checksum !== null : Object.keys(prepared.checksum).length > 0;
  }

  /** Read anew, too: the bytes may have been what was refused. */
  async function prepareAgain(part: Part, signal: AbortSignal | undefined): Promise<PreparedPart> {
    const [prepared] = await signAll([part], await readAll([part], signal));
    return prepared as PreparedPart;
  }

  async function readAll(group: Part[], signal: AbortSignal | undefined): Promise<ReadPart[]> {
    const read = await Promise.all(group.map((part) => bodies.of(part.startByte, part.endByte)));
    const bytes = read.map((part) => part.bytes);
    const checksums = upload.checksum ? await checksumsOf(bytes, upload.checksum, signal) : [];
    return read.map((part, index) => ({ ...part, checksum: checksums[index] ?? {} }));
  }

  function signAll(group: Part[], read: ReadPart[]): Promise<PreparedPart[]> {
    return Promise.all(
      read.map(async (one, index) => {
        const { partNumber = 0 } = group[index] ?? {};
        return { ...one, ...(await urls.of({ partNumber, ...one.checksum })) };
      }),
    );
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

function sizeOf(part: Part): number {
  return part.endByte - part.startByte;
}

function isMd5(etag: string, md5: string): boolean {
  return etag.replaceAll('"', "").toLowerCase() === base64ToHex(md5);
}

function readEtag(etag: string | null): string {
  if (etag) return etag;
  throw new FermataError(
    "FORBIDDEN",
    "The store hides the ETag header from this page. Add ETag to ExposeHeaders in the bucket's CORS rule.",
    { details: { reason: "cors", header: "ETag" } },
  );
}
