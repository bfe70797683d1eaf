import { setMaxListeners } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { Agenda } from "./agenda";

const start = Date.UTC(2028, 1, 29);
const never = new AbortController().signal;
setMaxListeners(0, never);

afterEach(() => {
  vi.useRealTimers();
});

function keepAppointments(agenda: Agenda, ...inMs: number[]) {
  const kept: number[] = [];
  for (const ms of inMs)
    void agenda.waitUntil(start + ms, never).then(() => kept.push(ms, Date.now() - start));
  return kept;
}

test("keeps a thousand appointments at their instants, over one timer", async () => {
  vi.useFakeTimers({ now: start });
  const agenda = new Agenda(() => new Date());
  const inMs = Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) * 100);
  const kept = keepAppointments(agenda, ...inMs);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(100_000);
  const expected = inMs.toSorted((a, b) => a - b).flatMap((ms) => [ms, ms]);
  expect(kept).toEqual(expected);
  expect(vi.getTimerCount()).toBe(0);
});

test("waits longer than a timer of Node can", async () => {
  vi.useFakeTimers({ now: start });
  const days = 40 * 86_400_000;
  const kept = keepAppointments(new Agenda(() => new Date()), days);
  await vi.advanceTimersByTimeAsync(days - 1);
  expect(kept).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(kept).toEqual([days, days]);
});

test("notices a clock that is set forward, and keeps to one that is set back", async () => {
  vi.useFakeTimers({ now: start });
  const kept = keepAppointments(new Agenda(() => new Date()), 3_600_000, 7_200_000);
  vi.setSystemTime(start + 3_700_000);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(kept).toEqual([3_600_000, 3_715_000]);
  vi.setSystemTime(start);
  await vi.advanceTimersByTimeAsync(7_199_000);
  expect(kept).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(kept).toEqual([3_600_000, 3_715_000, 7_200_000, 7_200_000]);
});

test("an appointment is cancelled by its signal, and leaves no timer behind", async () => {
  vi.useFakeTimers({ now: start });
  const agenda = new Agenda(() => new Date());
  const cancel = new AbortController();
  const cancelled = agenda.waitUntil(start + 1000, cancel.signal);
  cancel.abort();
  expect(await cancelled).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
  expect(await agenda.waitUntil(start + 1000, cancel.signal)).toBe(false);
  expect(await agenda.waitUntil(start, never)).toBe(true);
});
