import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FermataError } from "../api-error";
import { createEmitter } from "./emitter";
import { createPresence } from "./presence";
import type { ChannelEvents, PeerRoom, RoomChannel } from "./types";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A room with these peers, whose channel writes down what goes out. */
function startRoom(peers: string[]) {
  const emitter = createEmitter<ChannelEvents>();
  const listeners = new Set<() => void>();
  const sent: string[] = [];
  let here = peers.map((peerId) => ({ peerId, state: "connected" }));
  let full = "";
  let drain = () => {};
  const channel = {
    openPeers: () => here.map(({ peerId }) => peerId),
    sendJson({ state, asks }: { state: unknown; asks?: true }, { to = "" } = {}) {
      if (to === full) {
        emitter.emit("error", { peerId: to, error: new FermataError("CHANNEL_FULL") });
        return 0;
      }
      sent.push(`${to} ${JSON.stringify(state)}${asks ? " asks" : ""}`);
      return 1;
    },
    drained: () => new Promise<void>((resolve) => (drain = resolve)),
    on: emitter.on,
    close: vi.fn(),
  } as unknown as RoomChannel;
  const room = {
    channel: () => channel,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => ({ peers: here }),
  } as unknown as PeerRoom;
  return {
    room,
    sent,
    emitter,
    say: (from: string, data: string | ArrayBuffer) =>
      emitter.emit("message", { from, data, json: () => null }),
    show: (from: string, state: unknown, asks?: true) =>
      emitter.emit("message", { from, data: JSON.stringify({ state, asks }), json: () => null }),
    listeners,
    fill: (peerId: string) => {
      full = peerId;
    },
    drain: () => {
      full = "";
      drain();
    },
    setPeers(next: { peerId: string; state: string }[]) {
      here = next;
      for (const listener of [...listeners]) listener();
    },
  };
}

test("the others get the newest state, at most one in each 50 ms", () => {
  const { room, sent } = startRoom(["ada"]);
  const presence = createPresence(room, { initial: 0 });
  expect(sent).toEqual(["ada 0 asks"]);
  for (let count = 1; count <= 5; count++) presence.set(count);
  expect(presence.getSnapshot().own).toBe(5);
  vi.advanceTimersByTime(50);
  expect(sent).toEqual(["ada 0 asks", "ada 1", "ada 5"]);
  vi.advanceTimersByTime(200);
  presence.set((own) => own + 1);
  expect(sent.at(-1)).toBe("ada 6");
});

test("a clock that is set back keeps nothing from the others", () => {
  const { room, sent, show } = startRoom(["ada"]);
  const presence = createPresence(room, { initial: 0 });
  presence.set(1);
  show("ada", "there", true);
  vi.advanceTimersByTime(100);
  sent.length = 0;
  vi.setSystemTime(Date.now() - 7_200_000);
  presence.set(2);
  presence.set(3);
  vi.advanceTimersByTime(100);
  expect(sent).toEqual(["ada 2", "ada 3"]);
  show("ada", "there", true);
  expect(sent.at(-1)).toBe("ada 3");
  expect(sent).toHaveLength(3);
});

test("who comes later gets it at once, and a peer's state goes with the peer", () => {
  const { room, sent, emitter, show, setPeers } = startRoom(["ada"]);
  const presence = createPresence(room, { initial: "here" });
  emitter.emit("open", { peerId: "ben" });
  expect(sent).toEqual(['ada "here" asks', 'ben "here" asks']);
  show("ada", "there");
  show("somebody who is gone", "there");
  expect([...presence.getSnapshot().peers]).toEqual([["ada", "there"]]);
  // One that began to listen only now had heard nothing.
  show("ada", "there", true);
  expect(sent.at(-1)).toBe('ada "here"');
  const before = presence.getSnapshot().peers;
  setPeers([{ peerId: "ada", state: "reconnecting" }]);
  expect(presence.getSnapshot().peers).toBe(before);
  setPeers([{ peerId: "ada", state: "left" }]);
  expect([...presence.getSnapshot().peers]).toEqual([]);
});

test("who cannot be reached is not shown, and is shown again when it can", () => {
  const { room, show, setPeers } = startRoom(["ada", "ben"]);
  const presence = createPresence(room, { initial: 0 });
  const shown = () => [...presence.getSnapshot().peers];
  show("ada", 1);
  show("ben", 1);
  const withAda = (state: string) =>
    setPeers([
      { peerId: "ada", state },
      { peerId: "ben", state: "connected" },
    ]);
  withAda("failed");
  expect(shown()).toEqual([["ben", 1]]);
  // Its first word may come before the room has heard that it stands.
  show("ada", 2);
  expect(shown()).toEqual([["ben", 1]]);
  withAda("connected");
  expect(shown()).toEqual([
    ["ada", 2],
    ["ben", 1],
  ]);
  withAda("failed");
  withAda("left");
  withAda("connected");
  expect(shown()).toEqual([["ben", 1]]);
});

test("one whose line is full gets the newest once it is not, and keeps nobody waiting", async () => {
  const { room, sent, fill, drain } = startRoom(["ada", "ben"]);
  const presence = createPresence(room, { initial: 0 });
  sent.length = 0;
  fill("ada");
  for (let count = 1; count <= 3; count++) {
    vi.advanceTimersByTime(60);
    presence.set(count);
  }
  expect(sent).toEqual(["ben 1", "ben 2", "ben 3"]);
  drain();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.at(-1)).toBe("ada 3");
});

test("what makes no sense is not taken", () => {
  const { room, say, show } = startRoom(["ada"]);
  const parse = (data: unknown) => (typeof data === "number" ? data : null);
  const presence = createPresence(room, { initial: 0, parse });
  for (const data of ["no JSON", "null", "7", "x".repeat(20_000), new ArrayBuffer(4)]) {
    say("ada", data);
  }
  vi.advanceTimersByTime(100);
  show("ada", "a text");
  expect(presence.getSnapshot().peers.size).toBe(0);
  show("ada", 7);
  expect(presence.getSnapshot().peers.get("ada")).toBe(7);
});

test("of a peer who floods, a few are taken and then the newest, and the others are heard at once", () => {
  const { room, show } = startRoom(["ada", "mallory"]);
  const presence = createPresence(room, { initial: 0 });
  let changes = 0;
  presence.subscribe(() => changes++);
  const shown = (peerId: string) => presence.getSnapshot().peers.get(peerId);
  for (let count = 1; count <= 10_000; count++) show("mallory", count);
  expect([changes, shown("mallory")]).toEqual([4, 4]);
  show("ada", "here");
  expect(shown("ada")).toBe("here");
  vi.advanceTimersByTime(50);
  expect([changes, shown("mallory")]).toEqual([6, 10_000]);
  presence.close();
  vi.advanceTimersByTime(1_000);
  expect(changes).toBe(6);
});

test("a state that is too large is refused, and leaves the last one", () => {
  const { room } = startRoom([]);
  const presence = createPresence(room, { initial: "small" });
  expect(() => presence.set("x".repeat(17_000))).toThrow(FermataError);
  expect(presence.getSnapshot().own).toBe("small");
});

test("after the end nothing goes out, and nothing is listened to", () => {
  const { room, sent, listeners } = startRoom(["ada"]);
  const presence = createPresence(room, { initial: 0 });
  presence.set(1);
  presence.set(2);
  presence.close();
  vi.advanceTimersByTime(100);
  expect(sent).toEqual(["ada 0 asks", "ada 1"]);
  expect(listeners.size).toBe(0);
});

test("what JSON leaves out, or cannot say, is refused, and leaves the last one", () => {
  const { room, sent } = startRoom(["ada"]);
  const presence = createPresence<unknown>(room, { initial: "here" });
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  for (const state of [undefined, () => () => 1, Symbol("s"), circle, 1n]) {
    expect(() => presence.set(state)).toThrow(
      expect.objectContaining({ name: "FermataError", code: "INVALID_INPUT" }),
    );
  }
  expect(presence.getSnapshot().own).toBe("here");
  presence.set(null);
  expect(sent).toEqual(['ada "here" asks', "ada null"]);
});

test("who shows nothing yet asks nevertheless, and is answered", () => {
  const { room, sent, say } = startRoom(["ada"]);
  const presence = createPresence<string | undefined>(room, { initial: undefined });
  expect(sent).toEqual(["ada undefined asks"]);
  presence.set("here");
  say("ada", JSON.stringify({ asks: true }));
  expect(sent.slice(1)).toEqual(['ada "here"', 'ada "here"']);
  expect(presence.getSnapshot().peers.size).toBe(0);
});

test("a flood that `parse` throws at is left out, and tells of it once", async () => {
  const uncaught: unknown[] = [];
  const queue = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
    try {
      task();
    } catch (error) {
      uncaught.push(error);
    }
  });
  const { room, show } = startRoom(["ada", "mallory"]);
  const parse = (data: unknown) => {
    if (typeof data !== "number") throw new Error("No number.");
    return data;
  };
  const presence = createPresence(room, { initial: 0, parse });
  for (let count = 0; count < 100; count++) {
    show("mallory", "junk");
    vi.advanceTimersByTime(20);
  }
  show("ada", 7);
  expect([...presence.getSnapshot().peers]).toEqual([["ada", 7]]);
  expect(uncaught).toHaveLength(1);
  queue.mockRestore();
});
