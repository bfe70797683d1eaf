import { afterEach, expect, test, vi } from "vitest";
import { startCronClock } from "./cron-clock";

const start = new Date("2028-02-28T23:30:30Z");

afterEach(() => {
  vi.useRealTimers();
});

type Trigger = { expression: string; lastFiredAt?: Date };

function record(triggers: Trigger[], options: { refusals?: number } = {}) {
  const fired: string[] = [];
  let { refusals = 0 } = options;
  const stop = startCronClock(triggers, {
    now: () => new Date(),
    async fire(firings) {
      if (refusals-- > 0) throw new Error("nobody takes it");
      for (const { trigger, at } of firings)
        fired.push(`${trigger.expression} at ${at.toISOString()}`);
    },
  });
  return { fired, stop };
}

const each = (...expressions: string[]) => expressions.map((expression) => ({ expression }));

test("fires each trigger at each of its instants, once", async () => {
  vi.useFakeTimers({ now: start });
  const { fired, stop } = record(each("0 * * * *", "*/30 * * * *", "TZ=Asia/Tokyo 0 9 * * *"));
  await vi.advanceTimersByTimeAsync(90 * 60_000);
  stop();
  await vi.advanceTimersByTimeAsync(3 * 3_600_000);
  expect(fired).toEqual([
    "0 * * * * at 2028-02-29T00:00:00.000Z",
    "*/30 * * * * at 2028-02-29T00:00:00.000Z",
    "TZ=Asia/Tokyo 0 9 * * * at 2028-02-29T00:00:00.000Z",
    "*/30 * * * * at 2028-02-29T00:30:00.000Z",
    "0 * * * * at 2028-02-29T01:00:00.000Z",
    "*/30 * * * * at 2028-02-29T01:00:00.000Z",
  ]);
});

test("after the clock jumped forward the newest instant fires, with its own time", async () => {
  vi.useFakeTimers({ now: start });
  const { fired, stop } = record(each("*/10 * * * *"));
  vi.setSystemTime(new Date("2028-02-29T05:03:00Z"));
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  expect(fired).toEqual(["*/10 * * * * at 2028-02-29T05:00:00.000Z"]);
});

test("after the clock was set back, instants fire when they come again", async () => {
  vi.useFakeTimers({ now: start });
  const { fired, stop } = record(each("0 * * * *"));
  vi.setSystemTime(new Date("2028-02-28T22:59:00Z"));
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  stop();
  expect(fired).toEqual(["0 * * * * at 2028-02-28T23:00:00.000Z"]);
});

test("two hundred triggers share one timer", () => {
  vi.useFakeTimers({ now: start });
  const { stop } = record(each(...Array.from({ length: 200 }, (_, i) => `${i % 60} * * * *`)));
  expect(vi.getTimerCount()).toBe(1);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("what fired last is known: one missed instant fires late, and none fires again", async () => {
  vi.useFakeTimers({ now: start });
  const { fired, stop } = record([
    { expression: "0 * * * *", lastFiredAt: new Date("2028-02-28T20:00:00Z") },
    { expression: "30 * * * *", lastFiredAt: new Date("2028-02-28T23:30:00Z") },
    // Written down under a clock that was years ahead.
    { expression: "31 * * * *", lastFiredAt: new Date("2031-01-01T00:31:00Z") },
  ]);
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  expect(fired).toEqual([
    "0 * * * * at 2028-02-28T23:00:00.000Z",
    "31 * * * * at 2028-02-28T23:31:00.000Z",
  ]);
});

test("firings that could not be taken are offered again", async () => {
  vi.useFakeTimers({ now: start });
  const { fired, stop } = record(each("31 * * * *"), { refusals: 3 });
  await vi.advanceTimersByTimeAsync(40_000);
  stop();
  expect(fired).toEqual(["31 * * * * at 2028-02-28T23:31:00.000Z"]);
});
