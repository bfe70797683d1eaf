import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { createTestServices } from "../testing/test-context";
import { createRateLimiter, type LimitRule } from "./rate-limiter";

const services = await createTestServices();
afterAll(() => services.dispose());

const shared: LimitRule = { name: "guesses", points: 3, perSeconds: 60, shared: true };
const local: LimitRule = { name: "looks", points: 3, perSeconds: 60, shared: false };
/** Two processes of one installation. */
const [one, other] = [createRateLimiter(services), createRateLimiter(services)];

async function refusal(attempt: Promise<void>) {
  return attempt.then(
    () => null,
    ({ code, details }) => ({ code, details }),
  );
}

const limited = {
  code: "RATE_LIMITED",
  details: { limit: "guesses", retryAfterSeconds: expect.any(Number) },
};

test("a shared rule counts over processes, and says in whole seconds when to come back", async () => {
  for (const limiter of [one, other, one]) await limiter.consume("maja", 1, shared);
  const refused = await refusal(other.consume("maja", 1, shared));
  expect(refused).toEqual(limited);
  expect(refused?.details.retryAfterSeconds % 1).toBe(0);
  expect(refused?.details.retryAfterSeconds).toBeGreaterThanOrEqual(1);
  expect(refused?.details.retryAfterSeconds).toBeLessThanOrEqual(60);
  await other.consume("iben", 1, shared);
});

test("a rule of one process counts there alone", async () => {
  await one.consume("maja", 3, local);
  expect(await refusal(one.consume("maja", 1, local))).toMatchObject({ code: "RATE_LIMITED" });
  await other.consume("maja", 3, local);
});

test("what is given back can be taken again, and what is forgotten counts from nothing", async () => {
  await one.consume("noor", 3, shared);
  await other.giveBack("noor", 1, shared);
  await one.consume("noor", 1, shared);
  expect(await refusal(one.consume("noor", 1, shared))).toEqual(limited);
  await one.forget("noor", shared);
  await one.consume("noor", 3, shared);
});

test("a key that is used up costs no further statement", async () => {
  const counting = { queries: 0 };
  const pool = new Proxy(services.pool, {
    get(target, name) {
      if (name === "query") counting.queries++;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const limiter = createRateLimiter({ ...services, pool });
  for (let i = 0; i < 100; i++) await refusal(limiter.consume("flood", 1, shared));
  expect(counting.queries).toBe(4);
});

test("what a class lets through counts over processes, a moment later", async () => {
  const overrides = { "reads.user": { perSecond: 0.01, burst: 100 } };
  const processes = [1, 2, 3].map(() => createRateLimiter({ ...services, overrides }));
  const caller = { userId: "flood", address: "192.0.2.1" };
  let allowed = 0;
  let refused: { code?: string; details?: { limit?: string } } = {};
  for (let i = 0; i < 300; i++) {
    try {
      processes[i % 3]?.allow("reads", caller);
      allowed++;
    } catch (error) {
      refused = error as typeof refused;
    }
    // As requests come: with time between them.
    if (i % 3 === 2) await setTimeout(5);
  }
  expect(allowed).toBeGreaterThanOrEqual(90);
  // Three fiftieths for each, and what went through before a statement was over.
  expect(allowed).toBeLessThan(160);
  expect(refused).toMatchObject({ code: "RATE_LIMITED", details: { limit: "reads.user" } });
  // One that has just begun hears of it with its first few.
  const fresh = createRateLimiter({ ...services, overrides });
  const isRefused = () => {
    try {
      fresh.allow("reads", caller);
      return false;
    } catch {
      return true;
    }
  };
  await expect.poll(isRefused, { interval: 20 }).toBe(true);
  // And nobody else does.
  expect(() => fresh.allow("reads", { ...caller, userId: "Maja" })).not.toThrow();
});

test("a person's usual requests cost the database nothing, nor do a flood's that are refused", async () => {
  const statements: string[] = [];
  const pool = {
    query: async ({ text }: { text: string }) => {
      statements.push(text);
      return { rows: [] };
    },
  };
  const overrides = { "reads.user": { perSecond: 0.01, burst: 100 } };
  const limiter = createRateLimiter({ ...services, pool: pool as never, overrides });
  const take = (count: number) => {
    for (let i = 0; i < count; i++) {
      try {
        limiter.allow("reads", { userId: "noor", address: "" });
      } catch {
        // Refused: what is counted is what that costs.
      }
    }
  };
  take(1);
  expect(statements).toEqual([]);
  take(99);
  await setTimeout(10);
  const before = statements.length;
  expect(before).toBeLessThan(5);
  take(10_000);
  await setTimeout(10);
  expect(statements).toHaveLength(before);
});

test("any text is a key, and none of it is written down", async () => {
  for (const key of ["a\0b", "\ud800", "x".repeat(10_000)]) await one.consume(key, 1, shared);
  const { rows } = await services.pool.query<{ key: string }>('SELECT key FROM "RateLimit"');
  expect(rows.every(({ key }) => key.length < 64 && !key.includes("maja"))).toBe(true);
});

test("without the database each process counts for itself", async () => {
  const away = {
    query: async () => {
      throw new Error("the database is away");
    },
  };
  const limiter = createRateLimiter({ ...services, pool: away as never });
  for (let i = 0; i < 3; i++) await limiter.consume("maja", 1, shared);
  expect(await refusal(limiter.consume("maja", 1, shared))).toEqual(limited);
});
