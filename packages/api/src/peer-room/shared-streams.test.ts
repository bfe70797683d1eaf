import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FermataCore } from "../create-core";
import { SharedStreams } from "./shared-streams";
import type { TabLocks } from "./spoken-locks";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal(
    "BroadcastChannel",
    class {
      postMessage() {}
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A tab whose locks answer so, and how often they were asked for the lead. */
function openTab(answer: () => Promise<void>) {
  let asked = 0;
  const request: TabLocks["request"] = async (name) => {
    if (name !== "streams") return;
    // A loop of promises would never let a test fail.
    if (++asked > 1_000) return new Promise<void>(() => {});
    await answer();
  };
  const streams = new SharedStreams({} as FermataCore, "streams", { request });
  const handlers = {
    onStarted: vi.fn(),
    onEvent: vi.fn(),
    onBroken: vi.fn(),
    onRefused: vi.fn(),
  };
  const follow = () => streams.follow({ roomId: "r", roomToken: "t", cursor: "e:0" }, handlers);
  return { streams, handlers, follow, asked: () => asked };
}

test("where no lock is to be had, what is followed breaks, and nothing goes round", async () => {
  const { streams, handlers, follow, asked } = openTab(() =>
    Promise.reject(new DOMException("Not allowed.", "SecurityError")),
  );
  streams.expect();
  follow();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(handlers.onBroken).toHaveBeenCalledOnce();
  expect(asked()).toBe(1);
  // Asked for again, it is tried again.
  follow();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(handlers.onBroken).toHaveBeenCalledTimes(2);
  expect(asked()).toBe(2);
});

test("a lead that is lost is stood for again, after a pause", async () => {
  const { handlers, follow, asked } = openTab(() =>
    Promise.reject(new DOMException("Stolen.", "AbortError")),
  );
  const close = follow();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked()).toBeGreaterThan(5);
  expect(asked()).toBeLessThan(15);
  expect(handlers.onBroken).not.toHaveBeenCalled();
  close();
  await vi.advanceTimersByTimeAsync(200);
  const before = asked();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked()).toBe(before);
});
