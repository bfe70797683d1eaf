import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RoomState } from "./room-state";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function heldState() {
  const state = new RoomState(null);
  const listener = vi.fn();
  state.subscribe(listener);
  state.hold(100);
  state.update({ peerId: "ada" });
  state.setStatus("joined");
  return { state, listener };
}

test("while it is held, the snapshot is true and listeners are left alone", () => {
  const { state, listener } = heldState();
  expect(state.getSnapshot()).toMatchObject({ peerId: "ada", status: "joined" });
  expect(listener).not.toHaveBeenCalled();
});

test("listeners hear of it in one go at its release, and at once from then on", () => {
  const { state, listener } = heldState();
  state.release();
  expect(listener).toHaveBeenCalledTimes(1);
  state.update({ peerId: "ben" });
  expect(listener).toHaveBeenCalledTimes(2);
  // Nothing is held any more.
  state.release();
  vi.advanceTimersByTime(1_000);
  expect(listener).toHaveBeenCalledTimes(2);
});

test("nobody waits longer than was said", () => {
  const { listener } = heldState();
  vi.advanceTimersByTime(99);
  expect(listener).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(listener).toHaveBeenCalledTimes(1);
});
