import type { Allowance } from "./limit-classes";

interface Bucket {
  tokens: number;
  filledAtMs: number;
  /** What was taken here and no other process knows of. */
  untold: number;
}

/** Full buckets say nothing and are dropped when there are this many. */
const maxIdleBuckets = 10_000;
/** Other processes hear of a bucket when so much of it was taken: of a person's usual day, never. */
const toldShare = 1 / 50;

/** Bounds how fast each key may take, in memory: a flood must not become work for the database. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #perSecond: number;
  readonly #burst: number;

  constructor(options: Allowance) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
  }

  /** @returns 0 when taken, else the seconds after which there would be enough */
  take(key: string, count: number, now: Date): number {
    const nowMs = now.getTime();
    const bucket = this.#buckets.get(key) ?? this.#add(key, nowMs);
    bucket.tokens = this.#tokensAt(bucket, nowMs);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens >= count) {
      bucket.tokens -= count;
      bucket.untold += count;
      return 0;
    }
    return (count - bucket.tokens) / this.#perSecond;
  }

  /** Whether so much was taken that other processes should know. */
  isWorthTelling(key: string): boolean {
    return (this.#buckets.get(key)?.untold ?? 0) >= this.#burst * toldShare;
  }

  /** What was taken and is not told, as the time that it takes to fill again. */
  untoldMs(key: string): number {
    return Math.round(((this.#buckets.get(key)?.untold ?? 0) / this.#perSecond) * 1000);
  }

  /**
   * What all processes together have taken, with what this one told; what it took since is not among it. Where they took
   * too much before they heard of each other, nobody gets more until that is made up for.
   */
  hear(key: string, { toldMs, fullInMs }: { toldMs: number; fullInMs: number }): void {
    const bucket = this.#buckets.get(key);
    if (!bucket) return;
    bucket.untold = Math.max(0, bucket.untold - (toldMs / 1000) * this.#perSecond);
    const left = this.#burst - (fullInMs / 1000) * this.#perSecond - bucket.untold;
    bucket.tokens = Math.min(bucket.tokens, left);
  }

  #tokensAt(bucket: Bucket, nowMs: number): number {
    const elapsedSeconds = Math.max(0, nowMs - bucket.filledAtMs) / 1000;
    return Math.min(this.#burst, bucket.tokens + elapsedSeconds * this.#perSecond);
  }

  #add(key: string, nowMs: number): Bucket {
    if (this.#buckets.size >= maxIdleBuckets) {
      for (const [other, bucket] of this.#buckets) {
        if (this.#tokensAt(bucket, nowMs) >= this.#burst) this.#buckets.delete(other);
      }
    }
    const bucket = { tokens: this.#burst, filledAtMs: nowMs, untold: 0 };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
