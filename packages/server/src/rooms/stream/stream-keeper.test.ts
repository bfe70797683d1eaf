import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StreamKeeper } from "./stream-keeper";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function streamAt(openedAtMs: number) {
  return { openedAtMs, ping: vi.fn(), cut: vi.fn() };
}

test("pings every stream once in each interval, whenever it came", () => {
  const keeper = new StreamKeeper({ pingMs: 20_000, maxDurationMs: 1_000_000 });
  const streams = [0, 1, 2, 3].map(() => {
    const stream = streamAt(Date.now());
    keeper.add(stream);
    vi.advanceTimersByTime(1_300);
    return stream;
  });
  vi.advanceTimersByTime(100_000);
  for (const { ping } of streams) expect(ping).toHaveBeenCalledTimes(5);
  for (const stream of streams) keeper.delete(stream);
  expect(vi.getTimerCount()).toBe(0);
});

test("cuts a stream that is old enough, and only that", () => {
  const keeper = new StreamKeeper({ pingMs: 20_000, maxDurationMs: 280_000 });
  const old = streamAt(Date.now());
  keeper.add(old);
  vi.advanceTimersByTime(200_000);
  const young = streamAt(Date.now());
  keeper.add(young);
  vi.advanceTimersByTime(90_000);
  expect(old.cut).toHaveBeenCalled();
  expect(young.cut).not.toHaveBeenCalled();
});
