import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openStorage, readKept } from "./browser-storage";
import { readAccount } from "./room/account";
import { keepSeat, leaveSeat, readSeat } from "./room/seat";

const link = {
  server: "https://studio.test",
  roomId: "room",
  inviteToken: null,
  name: null,
  until: null,
  relayOnly: false,
};
const seat = { link, displayName: "Ines", sinceMs: 1 };

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

function refuse(): never {
  throw new DOMException("Access is denied for this document.", "SecurityError");
}

beforeEach(() => vi.stubGlobal("sessionStorage", memory()));

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, "sessionStorage");
});

test("a seat is read back by its own room, until it is left", () => {
  keepSeat(seat);
  expect(readSeat(link)).toEqual(seat);
  expect(readSeat({ ...link, roomId: "another" })).toBeNull();
  leaveSeat();
  expect(readSeat(link)).toBeNull();
});

test("where a browser keeps nothing for a site, a seat is taken and left all the same", () => {
  vi.unstubAllGlobals();
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get: refuse });
  expect(() => keepSeat(seat)).not.toThrow();
  expect(readSeat(link)).toBeNull();
  expect(readAccount(null)).toBeNull();
  expect(() => leaveSeat()).not.toThrow();
});

test("a storage without room, and one that is not there, cost nothing but what they would keep", () => {
  vi.stubGlobal("sessionStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
  const full = openStorage("sessionStorage");
  full.setItem("key", "value");
  full.removeItem("key");
  expect(full.getItem("key")).toBeNull();
  vi.stubGlobal("sessionStorage", undefined);
  expect(openStorage("sessionStorage").getItem("key")).toBeNull();
});

test.each([null, "no JSON", "null"])("%s is nothing kept", (text) => {
  expect(readKept({ getItem: () => text }, "key")).toBeNull();
});
