import { createHash } from "node:crypto";
import { PassThrough, type Readable } from "node:stream";

/** A quarter of the bytes has to come this fast: a store does not wait long for the rest. */
const quarterMs = 2_000;

/** Sends a body whose size is known while it still comes. All of it is kept by whoever gives it, should that fail. */
export class EarlyPut {
  readonly #sizeBytes: number;
  readonly #send: (body: Readable, signal: AbortSignal) => Promise<{ ETag?: string | undefined }>;
  readonly #begunAtMs = performance.now();
  readonly #stream = new PassThrough();
  readonly #abort = new AbortController();
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #outcome: Promise<string | null> | null = null;
  #isTooSlow = false;

  /** @param send puts what the stream gives, as so many bytes */
  constructor(
    sizeBytes: number,
    send: (body: Readable, signal: AbortSignal) => Promise<{ ETag?: string | undefined }>,
  ) {
    this.#sizeBytes = sizeBytes;
    this.#send = send;
  }

  /** The last chunk waits for `end`: until then nothing can be stored. */
  add(chunk: Uint8Array): void {
    if (this.#isTooSlow) return;
    const sendable = this.#waiting;
    this.#bytes += chunk.byteLength;
    if (!this.#outcome && this.#bytes * 4 < this.#sizeBytes) return void sendable.push(chunk);
    this.#isTooSlow = !this.#outcome && performance.now() - this.#begunAtMs > quarterMs;
    this.#waiting = this.#isTooSlow ? [] : [chunk];
    if (this.#isTooSlow) return;
    this.#outcome ??= this.#send(this.#stream, this.#abort.signal).then(
      ({ ETag }) => ETag ?? null,
      // It is put as a whole then, which tells what is wrong.
      () => null,
    );
    for (const one of sendable) this.#stream.write(one);
  }

  /** @returns the ETag of what is stored now; null where it is not, or perhaps not */
  async end(): Promise<string | null> {
    if (!this.#outcome) return null;
    for (const chunk of this.#waiting) this.#stream.write(chunk);
    this.#stream.end();
    return this.#outcome;
  }

  async giveUp(): Promise<void> {
    this.#abort.abort();
    this.#stream.destroy();
    await this.#outcome;
  }
}

/**
 * Whole, with its length: a stream of unknown length cannot be signed without chunk framing. Hashed while it comes.
 * @returns the ETag of what `early` has stored meanwhile; null where it has not. `whole` copies, and is for who needs it.
 */
export async function collectWhole(
  body: AsyncIterable<Uint8Array> | Uint8Array,
  hashed: boolean,
  early: EarlyPut | null,
) {
  const hash = hashed ? createHash("md5") : null;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      hash?.update(chunk);
      chunks.push(chunk);
      sizeBytes += chunk.byteLength;
      early?.add(chunk);
    }
  } catch (error) {
    await early?.giveUp();
    throw error;
  }
  const etag = (await early?.end()) ?? null;
  return { sizeBytes, whole: () => Buffer.concat(chunks), md5: hash?.digest() ?? null, etag };
}
