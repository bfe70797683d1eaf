import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTabSession } from "./session-storage";

const session = {
  peerId: "ada",
  resumeToken: "fmx_1",
  cursor: "e:1",
  seen: { ben: ["page", 3] as [string, number] },
};
const items = new Map<string, string>();

beforeEach(() => {
  items.clear();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
    removeItem: (key: string) => items.delete(key),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("keeps one session a room", () => {
  createTabSession("one")?.save(session);
  expect(createTabSession("one")?.load()).toEqual(session);
  expect(createTabSession("two")?.load()).toBeNull();
  createTabSession("one")?.clear();
  expect(createTabSession("one")?.load()).toBeNull();
});

test.each(["{", "null", '{"peerId":"ada"}'])("takes %s for no session", (text) => {
  createTabSession("one")?.save(session);
  for (const key of items.keys()) items.set(key, text);
  expect(createTabSession("one")?.load()).toBeNull();
});

test("does without storage where none may be used", () => {
  vi.unstubAllGlobals();
  expect(createTabSession("one")).toBeNull();
});
