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
