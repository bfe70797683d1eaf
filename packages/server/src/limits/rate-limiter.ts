import { createHash } from "node:crypto";
import type { Pool } from "pg";
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../ground/errors";

/** What one key may take in a window that begins with its first taking. */
export interface LimitRule {
  /** Keeps the counts of one rule apart from those of another. */
  name: string;
  points: number;
  perSeconds: number;
  /** Counted in PostgreSQL, so that the rule holds over all processes; costs a statement. */
  shared: boolean;
}

export interface RateLimiter {
  /** @throws AppError RATE_LIMITED with `retryAfterSeconds`, whole and at least 1 */
  consume(key: string, points: number, rule: LimitRule): Promise<void>;
  /** Returns what was taken for something that turned out to be harmless. */
  giveBack(key: string, points: number, rule: LimitRule): Promise<void>;
  /** Counts this key from nothing again. */
  forget(key: string, rule: LimitRule): Promise<void>;
}

type Limiter = RateLimiterMemory | RateLimiterPostgres;

/**
 * Counts in this process, and for shared rules in PostgreSQL. A key that is used up is refused from memory until its
 * window ends: a flood must not become writes. While the database is away each process counts for itself.
 */
export function createRateLimiter({ pool }: { pool: Pool }): RateLimiter {
  const limiters = new Map<string, Limiter>();

  function limiterOf(rule: LimitRule): Limiter {
    const known = limiters.get(rule.name);
    if (known) return known;
    const { points, perSeconds: duration, name: keyPrefix } = rule;
    const memory = new RateLimiterMemory({ points, duration, keyPrefix });
    const made = rule.shared
      ? new RateLimiterPostgres({
          points,
          duration,
          keyPrefix,
          storeClient: pool,
          storeType: "pool",
          tableName: "RateLimit",
          tableCreated: true,
          clearExpiredByTimeout: false,
          inMemoryBlockOnConsumed: points + 1,
          insuranceLimiter: memory,
        })
      : memory;
    limiters.set(rule.name, made);
    return made;
  }

  return {
    async consume(key, points, rule) {
      try {
        await limiterOf(rule).consume(hashed(key), points);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw rateLimited(refusal.msBeforeNext / 1000, rule.name);
      }
    },
    async giveBack(key, points, rule) {
      await limiterOf(rule).reward(hashed(key), points);
    },
    async forget(key, rule) {
      await limiterOf(rule).delete(hashed(key));
    },
  };
}

/** A refusal that says when to come back. */
export function rateLimited(waitSeconds: number, limit: string): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitSeconds));
  return new AppError(
    "RATE_LIMITED",
    { limit, retryAfterSeconds },
    `Too many requests. Try again in ${retryAfterSeconds === 1 ? "a second" : `${retryAfterSeconds} seconds`}.`,
  );
}

/** Keys may be addresses of people, and of any length: neither belongs into a table. */
function hashed(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
