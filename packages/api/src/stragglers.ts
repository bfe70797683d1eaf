import { anySignal } from "./signals";

/** Over which the speed of a request is taken, and the least of it that says something. */
const windowMs = 600;
const leastWindowMs = 300;
/** So long without a byte, or three times as long as its longest pause until then, is no pause between two of them. */
const stillMs = 2000;
/** One that stands still tells nothing. */
const lookEveryMs = 500;
/** To ask how much has arrived, to send again, and for a connection to come up to speed. */
const againMs = 100;
/** So many times sooner it has to be there by another request. */
const worthwhile = 2;
/** In one upload. */
const maxCuts = 4;

interface Sample {
  atMs: number;
  sentBytes: number;
}

interface Flight {
  readonly beganAtMs: number;
  /** In this request. */
  readonly bytes: number;
  /** What another request has to send, once so many bytes of this one have left. */
  readonly left: (sentBytes: number) => number;
  readonly cut: AbortController;
  /** Of the last `windowMs`. */
  samples: Sample[];
  longestPauseMs: number;
}

/** Begins a request of so many bytes. @returns what is to be told how many have left */
export type BeginFlight = (bytes: number, left: Flight["left"]) => (sentBytes: number) => void;

/**
 * The last parts of an upload, of which one may be on a connection that lost packets: TCP takes seconds until such a one is
 * fast again, and by then the others have nothing left to do. It is cut, and its part goes on by a connection that is free.
 */
export class Stragglers {
  readonly #flights = new Set<Flight>();
  readonly #isEnding: () => boolean;
  readonly #now: () => number;
  /** Bytes a millisecond of the fastest request that went through: what another connection may do. */
  #bestRate = 0;
  #cuts = 0;
  #lookedAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param isEnding nothing waits to be sent, and more could fly */
  constructor(isEnding: () => boolean, now: () => number = () => performance.now()) {
    this.#isEnding = isEnding;
    this.#now = now;
  }

  /** Sends by as many requests as it takes. @throws what `send` throws, but where it was cut */
  async run<T extends { status: number }>(
    signal: AbortSignal | undefined,
    send: (signal: AbortSignal | undefined, begin: BeginFlight) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const cut = new AbortController();
      let flight: Flight | null = null;
      const begin: BeginFlight = (bytes, left) => {
        const beganAtMs = this.#now();
        const begun = { beganAtMs, bytes, left, cut, samples: [], longestPauseMs: 0 };
        flight = begun;
        this.#flights.add(begun);
        this.#moved(begun, 0);
        return (sentBytes) => this.#moved(begun, sentBytes);
      };
      try {
        const answer = await send(anySignal(signal, cut.signal), begin);
        if (answer.status < 300) this.#arrived(flight);
        return answer;
      } catch (error) {
        if (signal?.aborted || !cut.signal.aborted) throw error;
      } finally {
        if (flight) this.#flights.delete(flight);
        this.#look();
      }
    }
  }

  #arrived(flight: Flight | null): void {
    if (!flight) return;
    const ms = Math.max(1, this.#now() - flight.beganAtMs);
    this.#bestRate = Math.max(this.#bestRate, flight.bytes / ms);
  }

  #moved(flight: Flight, sentBytes: number): void {
    this.#wake();
    const { samples } = flight;
    const atMs = this.#now();
    const before = samples.at(-1);
    // Before its first byte it waited for its connection.
    if (before && before.sentBytes > 0)
      flight.longestPauseMs = Math.max(flight.longestPauseMs, atMs - before.atMs);
    samples.push({ atMs, sentBytes });
    while (samples[1] && samples[1].atMs <= atMs - windowMs) samples.shift();
    this.#look();
  }

  /** A page that was held up, or asleep, has not heard yet of what left meanwhile. */
  #wake(): void {
    const now = this.#now();
    const isLate = now - this.#lookedAtMs > 2 * lookEveryMs;
    this.#lookedAtMs = now;
    if (!isLate) return;
    for (const flight of this.#flights)
      flight.samples = flight.samples.slice(-1).map(({ sentBytes }) => ({ atMs: now, sentBytes }));
  }

  #look(): void {
    this.#wake();
    clearTimeout(this.#timer);
    if (this.#flights.size === 0) return;
    this.#timer = setTimeout(() => this.#look(), lookEveryMs);
    if (this.#bestRate === 0 || !this.#isEnding()) return;
    for (const flight of this.#flights) {
      if (this.#cuts >= maxCuts || flight.cut.signal.aborted || !this.#isSlow(flight)) continue;
      this.#cuts++;
      flight.cut.abort();
    }
  }

  #isSlow({ samples, bytes, left, longestPauseMs }: Flight): boolean {
    const [first, last] = [samples[0], samples.at(-1)];
    // Of one that tells nothing until its end nothing is known, and what has left whole may have arrived.
    if (!first || !last || last.sentBytes === 0 || last.sentBytes >= bytes) return false;
    const soonMs = worthwhile * (againMs + left(last.sentBytes) / this.#bestRate);
    const silentMs = this.#now() - last.atMs;
    if (silentMs > Math.max(stillMs, 3 * longestPauseMs, soonMs)) return true;
    const ms = last.atMs - first.atMs;
    const onMs = ((bytes - last.sentBytes) * ms) / (last.sentBytes - first.sentBytes);
    return ms >= leastWindowMs && onMs > soonMs;
  }
}
