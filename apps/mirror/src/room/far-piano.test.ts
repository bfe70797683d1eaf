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
