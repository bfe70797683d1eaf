import { FermataError } from "./api-error";

export interface ParallelismBounds {
  /** Parts and files in flight at once in the beginning. */
  start: number;
  most: number;
}

/** Browsers keep six connections to a host that speaks HTTP/1.1, and others want one, too. */
export const defaultBounds: ParallelismBounds = { start: 4, most: 6 };

/** What one more must bring to be kept. */
const worthwhile = 1.05;
/** On a slow line few are through within so long, and the speed is taken all the same. */
const spanMs = 1500;
/** Below this share of what the line has carried, more connections would carry more. */
const unused = 0.9;
/** After a failure it has to go well for so long before the clock counts. */
const calmMs = 15_000;
/** After one more brought nothing, so many spans pass before it is tried again; at most, after connections broke. */
const patienceSpans = 8;

/**
 * How many parts and files are in flight at once: one more while that makes it faster, and where they carry less than the line
 * has shown that it can, since each connection that loses packets is slow for itself; half as many when the store fails, and few
 * after connections broke, since what breaks them ends all that fly together. One for all uploads of a client, since they
 * share the network that it feels for.
 */
export class Parallelism {
  readonly #bounds: ParallelismBounds;
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #limit: number;
  #inFlight = 0;
  /** Bytes that left, and flights that ended well, since this span began. */
  #span = { atMs: 0, bytes: 0, flights: 0, isFirst: false };
  #speedBefore = 0;
  #bestSpeed = 0;
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
  }

  get limit(): number {
    return this.#limit;
  }

  get hasRoom(): boolean {
    return this.#inFlight < this.#limit;
  }

  /**
   * Runs `send` when there is room for it.
   * @param send says how many bytes of a request have left, again and again
   * @throws FermataError ABORTED while it waits
   */
  async run<T>(
    signal: AbortSignal | undefined,
    send: (sent: (bytes: number) => void) => Promise<T>,
  ): Promise<T> {
    await this.#enter(signal);
    try {
      let before = 0;
      return await send((bytes) => {
        // Of another request, where it is less.
        this.#moved(bytes < before ? bytes : bytes - before);
        before = bytes;
      });
    } finally {
      // In its place, so that something flies all the time.
      this.#admit(1);
      this.#inFlight--;
    }
  }

  /** Something of what `run` sent is where it belongs. */
  succeeded(): void {
    if (++this.#span.flights >= 2 * this.#limit) this.#endSpan();
  }

  #moved(bytes: number): void {
    const { atMs, isFirst } = this.#span;
    this.#span.bytes += bytes;
    const now = this.#now();
    if (now - atMs < spanMs || now - this.#halvedAtMs < calmMs) return;
    const speed = this.#span.bytes / (now - atMs);
    // What leaves at first fills the buffers on its way.
    this.#bestSpeed = isFirst ? 0 : Math.max(this.#bestSpeed, speed);
    this.#beginSpan();
    if (speed < this.#bestSpeed * unused) this.#tryMore(speed);
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
    this.#beginSpan();
  }

  #endSpan(): void {
    const { bytes, atMs } = this.#span;
    const speed = bytes / Math.max(1, this.#now() - atMs);
    if (this.#triedMore && speed < this.#speedBefore * worthwhile) {
      this.#limit--;
      this.#triedMore = false;
      this.#spansToWait = patienceSpans;
    } else if (this.#spansToWait > 0) {
      this.#spansToWait--;
    } else {
      this.#tryMore(speed);
    }
    this.#beginSpan();
  }

  #tryMore(speed: number): void {
    // With nobody waiting, more room changes nothing.
    this.#triedMore = this.#limit < this.#bounds.most && this.#waiting.length > 0;
    if (!this.#triedMore) return;
    this.#limit++;
    this.#speedBefore = speed;
    this.#admit();
  }

  /** @param isFirst nothing flew before */
  #beginSpan(isFirst = false): void {
    this.#span = { atMs: this.#now(), bytes: 0, flights: 0, isFirst };
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener("abort", leave);
        if (this.#inFlight++ === 0) this.#beginSpan(true);
        resolve();
      };
      const leave = () => {
        const index = this.#waiting.indexOf(enter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(new FermataError("ABORTED"));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave);
      this.#waiting.push(enter);
      this.#admit();
    });
  }

  #admit(leaving = 0): void {
    while (this.#inFlight - leaving < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      next();
    }
  }
}
