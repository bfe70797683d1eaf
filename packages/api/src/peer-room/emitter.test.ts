import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createEmitter } from "./emitter";

const uncaught: unknown[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  uncaught.length = 0;
  vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
    try {
      task();
    } catch (error) {
      uncaught.push(error);
    }
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("one that throws keeps no other from hearing, and a flood surfaces once in ten seconds", () => {
  const emitter = createEmitter<{ message: string }>();
  const heard = vi.fn();
  emitter.on("message", (text) => {
    throw new Error(`${text} is not JSON`);
  });
  emitter.on("message", heard);
  for (let count = 0; count < 1_000; count++) emitter.emit("message", "junk");
  expect(heard).toHaveBeenCalledTimes(1_000);
  expect(uncaught).toHaveLength(1);
  // Another listener's is another error.
  emitter.on("message", () => {
    throw new Error("Something else");
  });
  emitter.emit("message", "junk");
  expect(uncaught).toHaveLength(2);
  vi.advanceTimersByTime(10_000);
  emitter.emit("message", "junk");
  expect(uncaught).toHaveLength(4);
});
