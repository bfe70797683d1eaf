import { afterEach, expect, test, vi } from "vitest";
import { createFarPiano } from "./far-piano";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a key goes out after it was lit, also where the sound's delay got shorter meanwhile", () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const now = vi.spyOn(performance, "now").mockReturnValue(100);
  const soundDelayMs = vi.fn(() => 40);
  const quiet = { sound() {}, tell() {} };
  const piano = createFarPiano({ oneWayMs: () => 0, soundDelayMs, ...quiet });
  piano.receive({ kind: "on", midi: 60, velocity: 80, seq: 0, sentAtMs: 0 });
  now.mockReturnValue(100.5);
  soundDelayMs.mockReturnValue(30);
  piano.receive({ kind: "off", midi: 60, seq: 1, sentAtMs: 1 });
  vi.runAllTimers();
  expect([...piano.player.held.get()]).toEqual([]);
});

/** Sends pairs of a press and its release, for so long, and then waits for all lights. */
function sendStrokes(perSecond: number, seconds: number) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const sound = vi.fn();
  const tell = vi.fn();
  const piano = createFarPiano({ oneWayMs: () => 0, soundDelayMs: () => 20, sound, tell });
  const lit = vi.fn();
  piano.player.held.subscribe(lit);
  const timers: number[] = [];
  let seq = 0;
  for (let stroke = 0; stroke < perSecond * seconds; stroke++) {
    const midi = 40 + (stroke % 40);
    piano.receive({ kind: "on", midi, velocity: 80, seq: seq++, sentAtMs: performance.now() });
    vi.advanceTimersByTime(1000 / perSecond);
    piano.receive({ kind: "off", midi, seq: seq++, sentAtMs: performance.now() });
    timers.push(vi.getTimerCount());
  }
  vi.runAllTimers();
  const counted = (kind: string) => sound.mock.calls.filter(([change]) => change.kind === kind);
  return { piano, tell, lit, timers, ons: counted("on").length, offs: counted("off").length };
}

test("a piece as fast as a machine plays is heard and told whole, and lights once a frame", () => {
  const { piano, ons, offs, tell, lit } = sendStrokes(200, 5);
  expect([ons, offs]).toEqual([1_000, 1_000]);
  expect(tell).toHaveBeenCalledTimes(2_000);
  expect(
    piano.player.bars().every(({ fromMs, toMs }) => Math.round((toMs ?? 0) - fromMs) === 5),
  ).toBe(true);
  expect(lit.mock.calls.length).toBeLessThanOrEqual(5 * 63);
});

test("a page that sends without end costs no more than a fast piece, and nothing of it hangs", () => {
  const { piano, ons, offs, tell, lit, timers } = sendStrokes(1_000, 5);
  expect(ons).toBeGreaterThanOrEqual(1_000);
  expect(ons).toBeLessThanOrEqual(6 * 240);
  expect(offs).toBe(ons);
  expect(tell).toHaveBeenCalledTimes(2 * ons);
  expect(lit.mock.calls.length).toBeLessThanOrEqual(5 * 63 + 2);
  expect(Math.max(...timers)).toBe(1);
  expect(piano.player.held.get().size).toBe(0);
});

test("words of what is held that come without end are bounded as well", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const tell = vi.fn();
  const quiet = { oneWayMs: () => 0, soundDelayMs: () => 0, sound() {} };
  const piano = createFarPiano({ ...quiet, tell });
  const keys = Array.from({ length: 88 }, (_, key) => 21 + key);
  for (let seq = 0; seq < 1_000; seq++) {
    const held = seq % 2 === 0 ? keys : [];
    piano.receive({ kind: "held", keys: held, pedal: seq % 2 === 0, seq, sentAtMs: 0 });
  }
  vi.runAllTimers();
  expect(tell.mock.calls.length).toBeLessThanOrEqual(2 * 240);
  expect(piano.player.held.get().size).toBe(0);
});

test("what is let go of while nothing is heard comes back with the word of what is held", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const sound = vi.fn();
  const tell = vi.fn();
  const piano = createFarPiano({ oneWayMs: () => 0, soundDelayMs: () => 0, sound, tell });
  const held = () => [...piano.player.held.get()];
  piano.receive({ kind: "on", midi: 60, velocity: 80, seq: 0, sentAtMs: 0 });
  piano.receive({ kind: "pedal", down: true, seq: 1, sentAtMs: 0 });
  vi.runAllTimers();
  expect(held()).toEqual([60]);
  piano.letGo();
  vi.runAllTimers();
  expect(held()).toEqual([]);
  expect(sound).toHaveBeenCalledWith({ kind: "off", midi: 60 });
  expect(sound).toHaveBeenCalledWith({ kind: "pedal", down: false });
  expect(tell).toHaveBeenCalledWith({ kind: "off", midi: 60 }, 0);
  // Not what was sent before and comes late.
  piano.receive({ kind: "held", keys: [60], pedal: true, seq: 1, sentAtMs: 0 });
  vi.runAllTimers();
  expect(held()).toEqual([]);
  piano.receive({ kind: "held", keys: [60], pedal: false, seq: 2, sentAtMs: 0 });
  vi.runAllTimers();
  expect(held()).toEqual([60]);
});
