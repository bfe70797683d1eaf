import type { ChannelEvents, PeerRoom } from "@fermata/api";
import { expect, test, vi } from "vitest";
import type { Desk } from "../desk";
import { wholePicture } from "../media/crop";
import { decodeKeyEvent, encodeKeyEvent, type KeyChange } from "../piano/key-events";
import type { MidiChange } from "../piano/midi";
import { createPlayer } from "../piano/player";
import { createStore } from "../store";
import { createDuet } from "./duet";
import { encodeSideState } from "./side-state";

type Listener = (event: unknown) => void;

function fakeRoom() {
  const listeners = new Map<string, Listener>();
  const sent: { name: string; data: unknown; to?: string }[] = [];
  const room = {
    getSnapshot: () => ({ peers: [] }),
    on(type: string, listener: Listener) {
      listeners.set(type, listener);
      return () => {};
    },
    channel: (name: string) => ({
      send: (data: unknown, options?: { to?: string }) => sent.push({ name, data, ...options }),
      close() {},
      on(type: keyof ChannelEvents, listener: Listener) {
        listeners.set(`${name} ${type}`, listener);
        return () => {};
      },
    }),
  } as unknown as PeerRoom;
  const emit = (what: string, event: object) => listeners.get(what)?.(event);
  return { room, emit, sent };
}

function fakeDesk() {
  const played: [from: string, change: MidiChange][] = [];
  const desk = {
    player: createPlayer(),
    preferences: createStore({ sound: "felt", crop: wholePicture }),
    media: createStore({ camera: { status: "on" }, microphone: { status: "on" } }),
    synth: { setSound: vi.fn() },
    isPedalDown: () => false,
    onChange: () => () => {},
    otherDelayMs: () => 0,
    playOther: (change: MidiChange, from: string) => played.push([from, change]),
  } as unknown as Desk;
  return { desk, played };
}

function createTrio() {
  const { room, emit, sent } = fakeRoom();
  const { desk, played } = fakeDesk();
  const duet = createDuet(room, desk, createStore(false));
  const hear = (from: string, seq: number, change: KeyChange) =>
    emit("keys message", { from, data: encodeKeyEvent({ ...change, seq, sentAtMs: seq }) });
  const held = (peerId: string) => [...duet.player(peerId).held.get()];
  return { duet, desk, emit, sent, hear, held, played };
}

test("each of several others has a piano of their own", async () => {
  const { emit, hear, held, played, duet } = createTrio();
  hear("ben", 7, { kind: "on", midi: 60, velocity: 80 });
  // Cleo's page counts for itself: its first notes are no old ones of Ben's.
  hear("cleo", 0, { kind: "on", midi: 60, velocity: 80 });
  hear("cleo", 1, { kind: "on", midi: 64, velocity: 80 });
  await vi.waitFor(() => expect(held("cleo")).toEqual([60, 64]));
  expect(held("ben")).toEqual([60]);
  expect(played.map(([from]) => from)).toEqual(["ben", "cleo", "cleo"]);

  emit("keys close", { peerId: "cleo" });
  expect(held("cleo")).toEqual([]);
  expect(held("ben")).toEqual([60]);
  expect(duet.player(null).held.get().size).toBe(0);
});

test("what each of several others tells is kept apart", () => {
  const { duet, desk, emit } = createTrio();
  const state = { camera: true, microphone: true, crop: wholePicture, recording: false } as const;
  const tell = (from: string, data: string) => emit("state message", { from, data });
  tell("ben", encodeSideState({ ...state, sound: "felt" }));
  tell("cleo", encodeSideState({ ...state, sound: "organ", recording: true }));
  expect(duet.states.get().get("ben")?.recording).toBe(false);
  expect(duet.states.get().get("cleo")?.recording).toBe(true);
  expect(desk.synth.setSound).toHaveBeenLastCalledWith("cleo", "organ");
});

test("a peer whose line falls silent lets go at once, and hears what is held here when it is back", async () => {
  const { desk, emit, sent, hear, held, played } = createTrio();
  const move = (previous: string, state: string) =>
    emit("peerState", { peer: { peerId: "ben", state }, previous });
  hear("ben", 0, { kind: "on", midi: 60, velocity: 80 });
  hear("cleo", 0, { kind: "on", midi: 62, velocity: 80 });
  await vi.waitFor(() => expect(held("ben")).toEqual([60]));
  move("connected", "reconnecting");
  expect(played.at(-1)).toEqual(["ben", { kind: "off", midi: 60 }]);
  await vi.waitFor(() => expect(held("ben")).toEqual([]));
  expect(held("cleo")).toEqual([62]);

  desk.player.press(72);
  expect(sent).toEqual([]);
  move("reconnecting", "connected");
  expect(sent).toMatchObject([{ name: "keys", to: "ben" }]);
  expect(decodeKeyEvent(sent[0]?.data)).toMatchObject({ kind: "held", keys: [72], pedal: false });
  hear("ben", 1, { kind: "held", keys: [60], pedal: false });
  await vi.waitFor(() => expect(held("ben")).toEqual([60]));
});
