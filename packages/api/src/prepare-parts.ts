import type { FirstChecksums } from "./first-checksums";
import { PartBodies, type PartBody } from "./part-bodies";
import { type ChecksumKind, checksumsOf, groupParts, type PartChecksum } from "./part-checksums";
import type { createPartUrls, SignedPart } from "./part-urls";
import type { PauseControl } from "./pause-control";
import type { Part } from "./plan-parts";
import { type RetryPolicy, retrying } from "./retry";
import { runPausable } from "./upload-pause";

export interface PartsToPrepare {
  file: Blob;
  /** Of the first parts, without checksums: they leave at once, and are compared by their ETags once they are through. */
  firstUrls?: SignedPart[] | undefined;
  /** Of the first parts, by their numbers: those that were hashed before there was anybody to sign them. */
  firstChecksums?: FirstChecksums | undefined;
  /** What the store is to compare each part with. */
  checksum: ChecksumKind | null;
  fetch: typeof globalThis.fetch;
  retry: RetryPolicy;
  pause?: PauseControl | undefined;
}

interface ReadPart extends PartBody {
  checksum: PartChecksum;
}

export interface PreparedPart extends ReadPart, SignedPart {
  /** What the store was not told to compare: computed while the part travels. */
  late?: Promise<PartChecksum>;
}

/** Reads, hashes and signs the parts of one upload, a few together, before they are sent. */
export class PreparedParts {
  readonly #upload: PartsToPrepare;
  readonly #urls: ReturnType<typeof createPartUrls>;
  readonly #signal: AbortSignal;
  readonly #bodies: PartBodies;
  readonly #early: Map<number, SignedPart>;
  readonly #hashed: FirstChecksums;

  /** @param signal ends all of it, once one part has failed for good */
  constructor(
    upload: PartsToPrepare,
    urls: ReturnType<typeof createPartUrls>,
    signal: AbortSignal,
  ) {
    this.#upload = upload;
    this.#urls = urls;
    this.#signal = signal;
    this.#bodies = new PartBodies(upload.file, upload.fetch);
    this.#early = new Map(upload.firstUrls?.map((part) => [part.partNumber, part]));
    this.#hashed = upload.firstChecksums ?? new Map();
  }

  close(): Promise<void> {
    return this.#bodies.close();
  }

  /** Reads and signs a few parts together as soon as the first of them is wanted; each is given out once. */
  ahead(missing: Part[]): (index: number) => Promise<PreparedPart> {
    const waiting = new Map<number, Promise<PreparedPart>>();
    let first: Promise<unknown> | null = null;
    return (index) => {
      if (!waiting.has(index)) {
        const group = missing.slice(index, index + this.#sizeOfGroup(missing, index));
        const isFirst = index === 0 && this.#early.size === 0;
        const isHashed = this.#hashed.has(group[0]?.partNumber ?? 0);
        const preparing =
          first && !isHashed ? first.then(() => this.#prepare(group)) : this.#prepare(group);
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

  /** The very first leaves alone, as soon as it is hashed; those behind it are hashed while it travels. */
  #sizeOfGroup(missing: Part[], from: number): number {
    const isHashed = (at: number) => this.#hashed.has(missing[at]?.partNumber ?? 0);
    if (this.#early.size > 0 || (from > 0 && !isHashed(from))) return groupParts;
    let count = 1;
    while (from > 0 && isHashed(from + count)) count++;
    return count;
  }

  async #prepare(group: Part[]): Promise<PreparedPart[]> {
    const first = await this.#prepareEarly(group);
    if (first) return first;
    const read = await this.#readAll(group, this.#signal);
    return runPausable(this.#upload.pause, this.#signal, (signal) =>
      retrying(() => this.#signAll(group, read), { policy: this.#upload.retry, signal }),
    );
  }

  /** @returns null where some of them have no URL yet */
  async #prepareEarly(group: Part[]): Promise<PreparedPart[] | null> {
    const signed = group.flatMap(({ partNumber }) => this.#early.get(partNumber) ?? []);
    if (signed.length < group.length) return null;
    for (const { partNumber } of group) {
      this.#early.delete(partNumber);
      this.#hashed.delete(partNumber);
    }
    const read = await Promise.all(
      group.map((part) => this.#bodies.of(part.startByte, part.endByte)),
    );
    const bytes = read.map((part) => part.bytes);
    // An ETag of what was sent unsigned is its MD5, wherever it is a checksum. Begun once the bytes are on their way.
    const sums = new Promise((resolve) => setTimeout(resolve)).then(() =>
      this.#upload.checksum ? checksumsOf(bytes, "md5", this.#signal) : [],
    );
    // Whoever sends the part hears of it; an upload that failed asks for none.
    sums.catch(() => {});
    return read.map((one, index) => ({
      ...one,
      ...(signed[index] as SignedPart),
      checksum: {},
      late: sums.then((all) => all[index] ?? {}),
    }));
  }

  /** Read anew, too: the bytes may have been what was refused. */
  async again(part: Part, signal: AbortSignal | undefined): Promise<PreparedPart> {
    const [prepared] = await this.#signAll([part], await this.#readAll([part], signal));
    return prepared as PreparedPart;
  }

  async #readAll(group: Part[], signal: AbortSignal | undefined): Promise<ReadPart[]> {
    const read = await Promise.all(
      group.map((part) => this.#bodies.of(part.startByte, part.endByte)),
    );
    const bytes = read.map((part) => part.bytes);
    const known = group.flatMap(({ partNumber }) => this.#hashed.get(partNumber) ?? []);
    // Once: what is sent again is read anew.
    for (const { partNumber } of group) this.#hashed.delete(partNumber);
    let checksums: PartChecksum[] = [];
    if (known.length === group.length) checksums = await Promise.all(known);
    else if (this.#upload.checksum)
      checksums = await checksumsOf(bytes, this.#upload.checksum, signal);
    return read.map((part, index) => ({ ...part, checksum: checksums[index] ?? {} }));
  }

  #signAll(group: Part[], read: ReadPart[]): Promise<PreparedPart[]> {
    return Promise.all(
      read.map(async (one, index) => {
        const { partNumber = 0 } = group[index] ?? {};
        return { ...one, ...(await this.#urls.of({ partNumber, ...one.checksum })) };
      }),
    );
  }
}
