import type { Allowance } from "./limit-classes";

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Full buckets say nothing and are dropped when there are this many. */
const maxIdleBuckets = 10_000;

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
      return 0;
    }
    return (count - bucket.tokens) / this.#perSecond;
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
    const bucket = { tokens: this.#burst, filledAtMs: nowMs };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
