import { createHash } from "node:crypto";
import type { Pool } from "pg";
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Clock } from "../ports/clock";
import { type Caller, ClassLimits } from "./class-limits";
import type { LimitClass, LimitOverrides } from "./limit-classes";
import { rateLimited } from "./rate-limited";
import { SharedCounts } from "./shared-counts";

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
  /**
   * Counts `count` requests of a class against everybody they come from. It waits for nothing: what other processes let
   * through is heard of a moment later.
   * @throws AppError RATE_LIMITED with `retryAfterSeconds`
   */
  allow(name: LimitClass, caller: Caller, count?: number): void;
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
export function createRateLimiter({
  pool,
  clock,
  overrides = {},
}: {
  pool: Pool;
  clock: Clock;
  overrides?: LimitOverrides;
}): RateLimiter {
  const limiters = new Map<string, Limiter>();
  const classes = new ClassLimits(clock, overrides, new SharedCounts(pool));

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
    allow(name, caller, count) {
      const usedUp = classes.take(name, caller, count);
      if (usedUp) throw rateLimited(usedUp.waitSeconds, usedUp.limit);
    },
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

/** Keys may be addresses of people, and of any length: neither belongs into a table. */
function hashed(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
