import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createKeptSeats } from "./kept-seats";

const session = { peerId: "ada", resumeToken: "fmx_1", cursor: "e:1", seen: {} };

beforeEach(() => {
  vi.stubGlobal("document", {});
  const items: Record<string, string> = {
    "fermata.seat.one.ada": JSON.stringify({ ...session, savedAtMs: Date.now() }),
  };
  const methods = {
    getItem: (name: string) => items[name] ?? null,
    removeItem: (name: string) => delete items[name],
  };
  vi.stubGlobal("localStorage", Object.setPrototypeOf(items, methods));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Given = { ifAvailable: true };
const withLocks = (
  request: (name: string, given: Given, task: (lock: object | null) => unknown) => unknown,
) => {
  vi.stubGlobal("navigator", { locks: { request } });
  return createKeptSeats("one");
};

test("a seat whose tab is no more is found, and one whose tab lives is not", async () => {
  const free = withLocks(async (_name, _given, task) => task({}));
  expect(await free?.find()).toMatchObject(session);
  const held = withLocks(async (_name, _given, task) => task(null));
  expect(await held?.find()).toBeNull();
});

test("where locks are refused, no seat is found, and the join goes on", async () => {
  const refused = withLocks(() => Promise.reject(new DOMException("No.", "SecurityError")));
  expect(await refused?.find()).toBeNull();
});

test("where locks are never answered, a join waits a second", async () => {
  vi.useFakeTimers();
  const silent = withLocks(() => new Promise(() => {}));
  const found = silent?.find();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await found).toBeNull();
});
