import { PartBodies, type PartBody } from "./part-bodies";
import { type ChecksumKind, checksumsOf, groupParts, type PartChecksum } from "./part-checksums";
import type { createPartUrls, SignedPart } from "./part-urls";
import type { PauseControl } from "./pause-control";
import type { Part } from "./plan-parts";
import { type RetryPolicy, retrying } from "./retry";
import { hasSha256, hexToBase64 } from "./upload-checksum";
import { runPausable } from "./upload-pause";

export interface PartsToPrepare {
  file: Blob;
  parts: Part[];
  /** Signed without checksums, for a store that compares the one that comes with the bytes, or whose ETags are MD5s. */
  firstUrls?: SignedPart[] | undefined;
  /** Parts that were signed so are compared by their ETags. */
  etagIsMd5?: boolean | undefined;
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
  /** The headers that its URL does not say: they tell the store what it is. */
  unsignedHeaders?: Record<string, string>;
  /** Of a part that leaves before it is hashed: to be compared with its ETag. Hashed once somebody asks. */
  late?(): Promise<PartChecksum>;
}

/** So many leave before they are hashed: hashing one takes a page longer than opening an upload takes a server. */
const unhashedParts = 4;

/** Reads, hashes and signs the parts of one upload, a few together, before they are sent. */
export class PreparedParts {
  /** Of how many, from the first on, the store is told no checksum. */
  readonly unhashed: number;
  readonly #upload: PartsToPrepare;
  readonly #urls: ReturnType<typeof createPartUrls>;
  readonly #signal: AbortSignal;
  readonly #bodies: PartBodies;
  readonly #early: Map<number, SignedPart>;
  /** By the first of each: a page hashes a few for little more than the price of one. */
  readonly #hashing = new Map<number, Promise<PartChecksum[]>>();

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
    this.unhashed = Math.min(this.#early.size, this.#mayLeave);
  }

  close(): Promise<void> {
    return this.#bodies.close();
  }

  /** Reads and signs a few parts together as soon as the first of them is wanted; each is given out once. */
  ahead(missing: Part[]): (index: number) => Promise<PreparedPart> {
    const waiting = new Map<number, Promise<PreparedPart>>();
    // It is to leave before those behind it are read.
    let first: Promise<unknown> | null = null;
    return (index) => {
      if (!waiting.has(index)) {
        const group = missing.slice(index, index + this.#sizeOfGroup(missing, index));
        const preparing = first ? first.then(() => this.#prepare(group)) : this.#prepare(group);
        // Whoever sends it hears of its failure.
        if (index === 0) first = preparing.catch(() => {});
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
    const isEarly = this.#early.has(missing[from]?.partNumber ?? 0);
    return from === 0 || isEarly || this.#isNative ? 1 : groupParts;
  }

  async #prepare(group: Part[]): Promise<PreparedPart[]> {
    const first = await this.#prepareUnhashed(group);
    if (first) return [first];
    const read = await this.#readAll(group, this.#signal);
    return runPausable(this.#upload.pause, this.#signal, (signal) =>
      retrying(() => this.#signAll(group, read), { policy: this.#upload.retry, signal }),
    );
  }

  /** @returns null for parts that are hashed before they leave */
  async #prepareUnhashed([part]: Part[]): Promise<PreparedPart | null> {
    const early = this.#early.get(part?.partNumber ?? 0);
    if (!part || !early || part.partNumber > this.#mayLeave) return null;
    this.#early.delete(part.partNumber);
    const body = await this.#bodies.of(part.startByte, part.endByte);
    let hashing: Promise<PartChecksum> | undefined;
    return {
      ...body,
      ...early,
      // RFC 3230: the ETag is to be its SHA-256.
      headers: { ...early.headers, ...(this.#isNative && { "want-digest": "sha-256" }) },
      checksum: {},
      late: () => (hashing ??= this.#hash(part, body.bytes)),
    };
  }

  async #hash(part: Part, bytes: Blob | Uint8Array): Promise<PartChecksum> {
    // Node has it in memory, and hashes natively, as browsers do SHA-256s.
    if (this.#isNative || !(bytes instanceof Blob))
      return (await checksumsOf([bytes], this.#upload.checksum ?? "md5", this.#signal))[0] ?? {};
    const at = part.partNumber - 1;
    const isLast = part.partNumber === this.#upload.parts.length;
    const from = isLast ? at : at - (at % groupParts);
    return (await this.#hashGroup(from))[at - from] ?? {};
  }

  /** And then those behind it, so that all are known when the last part is through. The last is mostly shorter, and so alone. */
  #hashGroup(from: number): Promise<PartChecksum[]> {
    const known = this.#hashing.get(from);
    if (known) return known;
    const { file, parts } = this.#upload;
    const end = Math.min(from + groupParts, parts.length - 1);
    const group = parts.slice(from, Math.max(end, from + 1));
    const bytes = group.map(({ startByte, endByte }) => file.slice(startByte, endByte));
    const hashing = checksumsOf(bytes, "md5", this.#signal);
    this.#hashing.set(from, hashing);
    const next = from + group.length;
    // Whoever sends one of them hears of a failure.
    if (next < this.unhashed) hashing.then(() => this.#hashGroup(next)).catch(() => {});
    return hashing;
  }

  /** Up to which part they leave before they are hashed, where they were signed so. */
  get #mayLeave(): number {
    if (this.#isNative) return unhashedParts;
    return this.#upload.etagIsMd5 && this.#upload.checksum === "md5" ? Infinity : 0;
  }

  /** An ETag was no MD5 of what was sent: it may be that none is, and what has not left is hashed before it does. */
  doubt(): void {
    this.#early.clear();
  }

  /** Hashed by the engine itself, one by one: several at once gain nothing. */
  get #isNative(): boolean {
    return this.#upload.checksum === "sha256" && hasSha256();
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
    const checksums = this.#upload.checksum
      ? await checksumsOf(bytes, this.#upload.checksum, signal)
      : [];
    return read.map((part, index) => ({ ...part, checksum: checksums[index] ?? {} }));
  }

  #signAll(group: Part[], read: ReadPart[]): Promise<PreparedPart[]> {
    return Promise.all(
      read.map(async (one, index) => {
        const { partNumber = 0 } = group[index] ?? {};
        const early = this.#early.get(partNumber);
        // Once: one that is refused is signed anew.
        this.#early.delete(partNumber);
        if (!early) return { ...one, ...(await this.#urls.of({ partNumber, ...one.checksum })) };
        const unsignedHeaders = checksumHeaders(one.checksum);
        const headers = { ...early.headers, ...unsignedHeaders };
        return { ...one, ...early, headers, unsignedHeaders };
      }),
    );
  }
}

/** What tells a store, in a request that was signed without a checksum, what its bytes are. */
function checksumHeaders({ md5, sha256 }: PartChecksum): Record<string, string> {
  if (sha256) return { digest: `sha-256=${hexToBase64(sha256)}` };
  return md5 ? { "content-md5": md5 } : {};
}
