import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type BeginFlight, Stragglers } from "./stragglers";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Requests whose bytes leave and that are answered when the test says so. */
function drive({ isEnding = true } = {}) {
  const state = { isEnding, heldUpMs: 0 };
  const stragglers = new Stragglers(
    () => state.isEnding,
    () => performance.now() + state.heldUpMs,
  );
  return {
    state,
    fly(bytes: number, { keeps = true } = {}) {
      const requests: {
        sent(bytes: number): void;
        isCut(): boolean;
        answer(status?: number): void;
      }[] = [];
      let arrivedBytes = 0;
      const send = (signal: AbortSignal | undefined, begin: BeginFlight) => {
        const rest = keeps ? bytes - arrivedBytes : bytes;
        const moved = begin(rest, (sentBytes) => (keeps ? rest - sentBytes : bytes));
        return new Promise<{ status: number; restBytes: number }>((resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("cut")));
          requests.push({
            sent(sentBytes) {
              arrivedBytes = bytes - rest + sentBytes;
              moved(sentBytes);
            },
            isCut: () => signal?.aborted === true,
            answer: (status = 200) => resolve({ status, restBytes: rest }),
          });
        });
      };
      return { requests, done: stragglers.run(undefined, send) };
    },
  };
}

/** One of 4 MB in 250 ms: what a connection can do here. */
async function flyFast(drove: ReturnType<typeof drive>) {
  const fast = drove.fly(4_000_000);
  vi.advanceTimersByTime(250);
  fast.requests[0]?.answer();
  await fast.done;
}

function leave(request: { sent(bytes: number): void } | undefined, ...sentBytes: number[]) {
  for (const bytes of sentBytes) {
    vi.advanceTimersByTime(100);
    request?.sent(bytes);
  }
}

test("cuts the request that is left on a slow connection, and sends what is missing by another", async () => {
  const drove = drive();
  const slow = drove.fly(4_000_000);
  await flyFast(drove);
  const [first] = slow.requests;
  leave(first, 100_000, 200_000, 300_000);
  expect(first?.isCut()).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  const [, second] = slow.requests;
  second?.answer();
  expect((await slow.done).restBytes).toBe(3_700_000);
});

test("cuts none while others wait to be sent, and looks again when one is through", async () => {
  const drove = drive({ isEnding: false });
  const slow = drove.fly(4_000_000);
  await flyFast(drove);
  leave(slow.requests[0], 100_000, 200_000, 300_000);
  expect(slow.requests[0]?.isCut()).toBe(false);
  drove.state.isEnding = true;
  await flyFast(drove);
  expect(slow.requests[0]?.isCut()).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  slow.requests[1]?.answer();
  await slow.done;
});

test("leaves one alone that is hardly slower, that is nearly through, or of which all has left", async () => {
  const drove = drive();
  await flyFast(drove);
  const even = drove.fly(4_000_000);
  leave(even.requests[0], 800_000, 1_600_000, 2_400_000);
  expect(even.requests[0]?.isCut()).toBe(false);
  even.requests[0]?.answer();
  const near = drove.fly(4_000_000);
  leave(near.requests[0], 3_800_000, 3_860_000, 3_900_000);
  near.requests[0]?.answer();
  const whole = drove.fly(4_000_000);
  leave(whole.requests[0], 4_000_000, 4_000_000, 4_000_000);
  await flyFast(drove);
  vi.advanceTimersByTime(5_000);
  expect(whole.requests[0]?.isCut()).toBe(false);
  whole.requests[0]?.answer();
  expect(near.requests).toHaveLength(1);
  await Promise.all([even.done, near.done, whole.done]);
});

test("where a part has to go again as a whole, weighs that against what is left of it", async () => {
  const drove = drive();
  await flyFast(drove);
  // Some 470 ms at its pace; the whole takes 250, and 100 to begin anew, and the rest of it 110.
  const lost = drove.fly(4_000_000, { keeps: false });
  leave(lost.requests[0], 800_000, 1_600_000, 1_900_000, 2_100_000, 2_200_000, 2_250_000);
  expect(lost.requests[0]?.isCut()).toBe(false);
  lost.requests[0]?.answer();
  await lost.done;
  const kept = drove.fly(4_000_000);
  leave(kept.requests[0], 800_000, 1_600_000, 1_900_000, 2_100_000, 2_200_000, 2_250_000);
  expect(kept.requests[0]?.isCut()).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  kept.requests[1]?.answer();
  await kept.done;
});

test("where every connection is slow, cuts none", async () => {
  const drove = drive();
  const slow = drove.fly(4_000_000);
  const other = drove.fly(400_000);
  vi.advanceTimersByTime(400);
  other.requests[0]?.answer();
  await other.done;
  leave(slow.requests[0], 500_000, 600_000, 700_000);
  expect(slow.requests[0]?.isCut()).toBe(false);
  slow.requests[0]?.answer();
  await slow.done;
});

test("one that stands still is cut at some time, but no upload more than four times", async () => {
  const drove = drive();
  const still = drove.fly(4_000_000);
  for (let cuts = 1; cuts <= 5; cuts++) {
    leave(still.requests.at(-1), 1_000, 1_000);
    vi.advanceTimersByTime(2_000);
    await flyFast(drove);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(still.requests).toHaveLength(5);
  still.requests.at(-1)?.answer();
  await still.done;
});

test("leaves one alone that tells nothing before its end, as where a fetch sends it", async () => {
  const drove = drive();
  const untold = drove.fly(4_000_000);
  await flyFast(drove);
  vi.advanceTimersByTime(30_000);
  await flyFast(drove);
  expect(untold.requests[0]?.isCut()).toBe(false);
  untold.requests[0]?.answer();
  await untold.done;
});

test("a refusal, which may come at once, says nothing of what a connection can do", async () => {
  const drove = drive();
  const refused = drove.fly(4_000_000);
  vi.advanceTimersByTime(5);
  refused.requests[0]?.answer(503);
  await refused.done;
  const only = drove.fly(4_000_000);
  leave(only.requests[0], 100_000, 200_000, 300_000, 400_000, 500_000);
  expect(only.requests[0]?.isCut()).toBe(false);
  only.requests[0]?.answer();
  await only.done;
});

test("a page that was held up hears first of what left meanwhile", async () => {
  const drove = drive();
  await flyFast(drove);
  const flights = [drove.fly(40_000_000), drove.fly(40_000_000)];
  const requests = flights.map(({ requests: [first] }) => first);
  for (const bytes of [1_000_000, 2_000_000, 3_000_000, 4_000_000]) {
    vi.advanceTimersByTime(100);
    for (const request of requests) request?.sent(bytes);
  }
  drove.state.heldUpMs = 60_000;
  for (const request of requests) request?.sent(30_000_000);
  vi.advanceTimersByTime(500);
  expect(requests.map((request) => request?.isCut())).toEqual([false, false]);
  for (const request of requests) request?.answer();
  await Promise.all(flights.map(({ done }) => done));
});

test("what fails of itself fails, and an abort is one", async () => {
  const stragglers = new Stragglers(() => true);
  const broken = stragglers.run(undefined, () => Promise.reject(new Error("reset")));
  await expect(broken).rejects.toThrow("reset");
  const aborter = new AbortController();
  const aborted = stragglers.run(
    aborter.signal,
    (signal) =>
      new Promise<{ status: number }>((_, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  );
  aborter.abort();
  await expect(aborted).rejects.toThrow("aborted");
});
