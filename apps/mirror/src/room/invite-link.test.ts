import { expect, test } from "vitest";
import { formatRoomLink, type RoomLink, readOrigin, readRoomLink } from "./invite-link";

const link: RoomLink = {
  server: "https://studio.example.com",
  roomId: "Zk3_-9",
  inviteToken: "fmi_abc-123",
  name: "Tuesday lesson & tea",
  until: "2026-07-01T18:30:00.000Z",
  relayOnly: false,
};

test("a link leads back to its room", () => {
  const href = formatRoomLink("https://mirror.example.com/?server=x#part", link);
  expect(href).toMatch(/^https:\/\/mirror\.example\.com\/\?server=/);
  expect(readRoomLink(href, null)).toEqual(link);
  expect(readRoomLink(new URL(href).search, null)).toEqual(link);
});

test("a relay-only link stays one", () => {
  const href = formatRoomLink("https://mirror.example.com/", { ...link, relayOnly: true });
  expect(readRoomLink(href, null)?.relayOnly).toBe(true);
});

test("without a server in the link the page's own is taken", () => {
  expect(readRoomLink("?room=abc", "https://own.example.com")).toEqual({
    server: "https://own.example.com",
    roomId: "abc",
    inviteToken: null,
    name: null,
    until: null,
    relayOnly: false,
  });
  expect(readRoomLink("?room=abc", null)).toBeNull();
});

test("the name in a link is one that a file can bear", () => {
  const named = (name: string) =>
    readRoomLink(`?room=abc&name=${encodeURIComponent(name)}`, "https://own.example.com")?.name;
  expect(named(`a${"🎹".repeat(70)}`)?.isWellFormed()).toBe(true);
  expect(named("a\u0000b")).toBe("a b");
  expect(named("\u0000")).toBeNull();
});

test.each([
  "",
  "https://mirror.example.com/",
  "?room=",
  "?room=a%20b",
  "?server=https://studio.example.com",
])("%j names no room", (text) => {
  expect(readRoomLink(text, "https://own.example.com")).toBeNull();
});

test.each([
  ["studio.example.com", "https://studio.example.com"],
  [" http://localhost:3000/some/page ", "http://localhost:3000"],
  ["javascript:alert(1)", null],
  ["ftp://example.com", null],
  ["", null],
])("%j is the origin %j", (text, origin) => {
  expect(readOrigin(text)).toBe(origin);
});
