import type { Readable } from "node:stream";

type Read = { done: false; value: Uint8Array } | { done: true; value?: Uint8Array | undefined };

/** What is used of a web stream's reader. */
export interface BodyReader {
  read(): Promise<Read>;
  /** Ends a pending read, as `done`. The connection stays, for an answer. */
  cancel(): Promise<void>;
  releaseLock(): void;
}

const done: Read = { done: true };

/** Reads Node's request as a web stream's reader would, one chunk ahead, without making a web stream of it. */
export class NodeBodyReader implements BodyReader {
  readonly #stream: Readable;
  #chunks: Uint8Array[] = [];
  #pending: { resolve(read: Read): void; reject(error: unknown): void } | null = null;
  #isOver = false;
  #failure: unknown = null;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on("error", this.#fail);
    if (stream.destroyed && !stream.readableEnded) this.#close();
    else {
      stream.on("data", this.#take).on("end", this.#end).on("close", this.#close);
      // Somebody who read it before left it paused.
      stream.resume();
    }
  }

  read(): Promise<Read> {
    const value = this.#chunks.shift();
    if (value) {
      if (this.#chunks.length === 0 && !this.#isOver) this.#stream.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#isOver) return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
    });
  }

  async cancel(): Promise<void> {
    this.#chunks = [];
    this.#end();
    this.releaseLock();
  }

  releaseLock(): void {
    // What fails from now on is nobody's concern, and unheard it would end the process.
    this.#stream.off("data", this.#take).off("end", this.#end).off("close", this.#close);
    this.#stream.pause();
  }

  readonly #take = (value: Uint8Array) => {
    const pending = this.#pending;
    if (pending) {
      this.#pending = null;
      return pending.resolve({ done: false, value });
    }
    this.#chunks.push(value);
    this.#stream.pause();
  };

  readonly #end = () => {
    this.#isOver = true;
    this.#pending?.resolve(done);
    this.#pending = null;
  };

  readonly #fail = (error: unknown) => {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = error;
    this.#pending?.reject(error);
    this.#pending = null;
  };

  readonly #close = () => {
    // Of every body that ended well: an error for each would be made for nothing.
    if (this.#isOver) return;
    this.#fail(new Error("the connection closed before the body ended"));
  };
}
