import type { PeerRoomSnapshot } from "@fermata/api";
import { expect, test } from "vitest";
import { noteOf } from "./call-note";

const peer = (facts: object) => [facts] as unknown as PeerRoomSnapshot["peers"];
const well = {
  status: "joined",
  signaling: "stream",
  peers: peer({ state: "connected", notice: null }),
} as const;

test("says what stands in the way of a call, and nothing when all is well", () => {
  expect(noteOf(well)).toBeNull();
  expect(noteOf({ ...well, status: "reconnecting" })).toMatch(/server cannot be reached/);
  const notice = { code: "change-refused", message: "Ben does not have it yet." };
  expect(noteOf({ ...well, peers: peer({ state: "connected", notice }) })).toBe(notice.message);
});

test("messages that are held back are told only while somebody waits for them", () => {
  const polling = { ...well, signaling: "polling" } as const;
  expect(noteOf(polling)).toBeNull();
  const connecting = peer({ state: "connecting", notice: null });
  expect(noteOf({ ...polling, peers: connecting })).toMatch(/holds messages back/);
});
