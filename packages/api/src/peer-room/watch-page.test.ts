import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchPage } from "./watch-page";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("navigator", {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const events = () => ({
  onOffline: vi.fn(),
  onNetworkChange: vi.fn(),
  onWake: vi.fn(),
  onRestored: vi.fn(),
  onHide: vi.fn(),
  onUnload: vi.fn(),
});
const show = (visibilityState: DocumentVisibilityState) => {
  Object.assign(document, { visibilityState });
  document.dispatchEvent(new Event("visibilitychange"));
};

test.each([
  ["for a moment", () => vi.advanceTimersByTime(10_000), 0],
  ["for long", () => vi.advanceTimersByTime(40_000), 1],
  ["while the device slept", () => vi.setSystemTime(Date.now() + 3_600_000), 1],
  ["while the clock was set back", () => vi.setSystemTime(Date.now() - 7_200_000), 1],
])("a page that was hidden %s", (_, pass, wakes) => {
  const told = events();
  const stop = watchPage(told);
  show("hidden");
  pass();
  show("visible");
  expect(told.onHide).toHaveBeenCalledOnce();
  expect(told.onWake).toHaveBeenCalledTimes(wakes);
  stop();
});
