import { expect, test } from "vitest";
import { FermataError } from "./api-error";
import { isTransient, retryDelayMs, retrying } from "./retry";

const policy = { maxTries: 4, baseDelayMs: 1, maxDelayMs: 4 };

test("tries again after a transient failure and returns what it got", async () => {
  let tries = 0;
  const result = await retrying(
    async () => {
      tries++;
      if (tries < 3) throw new FermataError("NETWORK");
      return "through";
    },
    { policy },
  );
  expect([result, tries]).toEqual(["through", 3]);
});

test("gives up after the last try with the last failure", async () => {
  let tries = 0;
  const run = retrying(
    async () => {
      throw new FermataError("UPSTREAM_UNAVAILABLE", `try ${++tries}`);
    },
    { policy },
  );
  await expect(run).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", message: "try 4" });
});

test("does not repeat what cannot succeed", async () => {
  let tries = 0;
  const run = retrying(
    async () => {
      tries++;
      throw new FermataError("QUOTA_EXCEEDED");
    },
    { policy },
  );
  await expect(run).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
  expect(tries).toBe(1);
});

test("does not repeat what a server says that it will never do", () => {
  const lacking = new FermataError("UPSTREAM_UNAVAILABLE", undefined, { httpStatus: 501 });
  const told = new FermataError("UPSTREAM_UNAVAILABLE", undefined, {
    httpStatus: 503,
    details: { service: "object store", storeCode: "NotImplemented", retry: false },
  });
  const away = new FermataError("UPSTREAM_UNAVAILABLE", undefined, { httpStatus: 503 });
  expect([lacking, told, away].map(isTransient)).toEqual([false, false, true]);
});

test("leaves a pause as soon as it is aborted", async () => {
  const aborter = new AbortController();
  const run = retrying(
    async () => {
      queueMicrotask(() => aborter.abort());
      throw new FermataError("NETWORK");
    },
    { policy: { maxTries: 2, baseDelayMs: 600_000, maxDelayMs: 600_000 }, signal: aborter.signal },
  );
  await expect(run).rejects.toMatchObject({ code: "ABORTED" });
});

test("doubles its pauses up to the bound, with at most half of each left to chance", () => {
  const wide = { maxTries: 9, baseDelayMs: 100, maxDelayMs: 1000 };
  for (const [tries, fullMs] of [
    [1, 100],
    [2, 200],
    [3, 400],
    [6, 1000],
  ] as const) {
    const delayMs = retryDelayMs(wide, tries);
    expect(delayMs).toBeGreaterThanOrEqual(fullMs / 2);
    expect(delayMs).toBeLessThanOrEqual(fullMs);
  }
});

test("keeps to the pause that the server asked for, unless it is too long to wait", () => {
  const asked = (retryAfterSeconds: number) =>
    new FermataError("RATE_LIMITED", undefined, { details: { retryAfterSeconds } });
  expect(retryDelayMs(policy, 1, asked(20))).toBe(20_000);
  expect(isTransient(asked(20))).toBe(true);
  expect(isTransient(asked(3600))).toBe(false);
});

test("repeats a 5xx whatever its code", () => {
  expect(isTransient(new FermataError("INTERNAL", undefined, { httpStatus: 500 }))).toBe(true);
  expect(isTransient(new FermataError("INTERNAL"))).toBe(false);
});

test("begins its tries anew whenever the whole has come further", async () => {
  let tries = 0;
  const run = retrying(
    async () => {
      tries++;
      throw new FermataError("NETWORK");
    },
    { policy, progress: () => Math.min(tries, 5) },
  );
  await expect(run).rejects.toMatchObject({ code: "NETWORK" });
  expect(tries).toBe(5 + policy.maxTries);
});

test("hardly pauses where the whole came further in between", async () => {
  let tries = 0;
  const begunAt = performance.now();
  await retrying(
    async () => {
      if (++tries < 4) throw new FermataError("NETWORK");
    },
    { policy: { ...policy, baseDelayMs: 1600, maxDelayMs: 1600 }, progress: () => tries },
  );
  expect(performance.now() - begunAt).toBeLessThan(1600);
});
