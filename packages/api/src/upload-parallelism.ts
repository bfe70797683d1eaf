import { FermataError } from "./api-error";

export interface ParallelismBounds {
  /** Parts in flight at once in the beginning. */
  start: number;
  most: number;
}

/** Browsers keep six connections to a host that speaks HTTP/1.1, and others want one, too. */
export const defaultBounds: ParallelismBounds = { start: 4, most: 6 };

/** What one part more must bring to be kept. */
const worthwhile = 1.05;
/** After a part more brought nothing, so many spans pass before it is tried again; at most, after connections broke. */
const patienceSpans = 8;

/**
 * How many parts are in flight at once: one more while that makes it faster, half as many when the store fails, and few
 * after connections broke, since what breaks them ends all that fly together. One for all uploads of a client, since they share the network that it feels for.
 */
export class Parallelism {
  readonly #bounds: ParallelismBounds;
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #limit: number;
  #inFlight = 0;
  /** Bytes through, and parts, since this span began. */
  #span = { atMs: 0, bytes: 0, parts: 0, wasFull: true };
  #speedBefore = 0;
  #triedMore = false;
  #spansToWait = 0;
  #breaks = 0;
  #halvedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    bounds: ParallelismBounds = defaultBounds,
    now: () => number = () => performance.now(),
  ) {
    this.#bounds = bounds;
    this.#limit = Math.min(bounds.start, bounds.most);
    this.#now = now;
    this.#beginSpan();
  }

  get limit(): number {
    return this.#limit;
  }

  /** Runs `send` when there is room for it. @throws FermataError ABORTED while it waits */
  async run<T>(signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await send();
    } finally {
      this.#inFlight--;
      this.#admit();
    }
  }

  /** A part went through. */
  succeeded(bytes: number): void {
    this.#span.bytes += bytes;
    this.#span.parts++;
    if (this.#waiting.length === 0) this.#span.wasFull = false;
    if (this.#span.parts >= 2 * this.#limit) this.#endSpan();
  }

  /**
   * The store is overloaded, or a connection broke. What fails within the same second fails for the same reason.
   * @param left how many may fly on where it was a connection
   */
  failed(left?: number): void {
    if (this.#now() - this.#halvedAtMs < 1000) return;
    this.#halvedAtMs = this.#now();
    if (left) {
      this.#limit = Math.min(this.#limit, left);
      this.#spansToWait = Math.min(patienceSpans, 2 ** this.#breaks++);
    } else {
      this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    }
    this.#triedMore = false;
    this.#speedBefore = 0;
    this.#beginSpan();
  }

  #endSpan(): void {
    const seconds = Math.max(1, this.#now() - this.#span.atMs) / 1000;
    const speed = this.#span.bytes / seconds;
    const { wasFull } = this.#span;
    // With nobody waiting, more room changes nothing.
    if (wasFull) {
      if (this.#triedMore && speed < this.#speedBefore * worthwhile) {
        this.#limit--;
        this.#triedMore = false;
        this.#spansToWait = patienceSpans;
      } else if (this.#spansToWait > 0) {
        this.#spansToWait--;
      } else if (this.#limit < this.#bounds.most) {
        this.#limit++;
        this.#triedMore = true;
        this.#speedBefore = speed;
      } else {
        this.#triedMore = false;
      }
    }
    this.#beginSpan();
    this.#admit();
  }

  #beginSpan(): void {
    this.#span = { atMs: this.#now(), bytes: 0, parts: 0, wasFull: true };
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener("abort", leave);
        this.#inFlight++;
        resolve();
      };
      const leave = () => {
        const index = this.#waiting.indexOf(enter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(new FermataError("ABORTED"));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(enter);
      this.#admit();
    });
  }

  #admit(): void {
    while (this.#inFlight < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      next();
    }
  }
}
