import type { PeerRoom } from "@fermata/api";
import type { Desk } from "../desk";
import { decodeKeyEvent, encodeKeyEvent, type KeyChange } from "../piano/key-events";
import { createKeyInbox, type InboxChange } from "../piano/key-inbox";
import { createLateness, tooLateToSoundMs } from "../piano/lateness";
import type { MidiChange } from "../piano/midi";
import { createPlayer, type Player } from "../piano/player";
import { createStore, type Store } from "../store";
import { decodeSideState, encodeSideState, type SideState } from "./side-state";

/** Two pianos on one line: what is played here goes out, what is played there is shown and sounds. */
export interface Duet {
  other: Player;
  /** Null until the other side has told. */
  otherState: Pick<Store<SideState | null>, "get" | "subscribe">;
  /** Hears each change of the other side's as it comes, also what came too late to sound, and how long it was under way. */
  onChange(listener: (change: MidiChange, lateMs: number) => void): () => void;
  close(): void;
}

/** @param isRecording whether this side records */
export function createDuet(
  room: PeerRoom,
  desk: Desk,
  isRecording: Pick<Store<boolean>, "get" | "subscribe">,
): Duet {
  // Unordered: a lost packet delays its own note only.
  const keys = room.channel("keys", { ordered: false });
  const states = room.channel("state");
  const other = createPlayer();
  const otherState = createStore<SideState | null>(null);
  const listeners = new Set<(change: MidiChange, lateMs: number) => void>();
  let receive = createKeyInbox();
  let lateMs = createLateness();
  let seq = 0;
  let sentState = "";
  /** When the last light is due, in `performance.now()`: they keep their order. */
  let dueMs = 0;

  function send(change: KeyChange, to?: string) {
    const event = { ...change, seq: seq++, sentAtMs: performance.now() };
    keys.send(encodeKeyEvent(event), { to });
  }

  function sendOwn(change: MidiChange) {
    if (change.kind === "all-off") send({ kind: "held", keys: [], pedal: false });
    else send(change);
  }

  function tellState() {
    const { camera, microphone } = desk.media.get();
    const { sound, crop } = desk.preferences.get();
    const state = encodeSideState({
      camera: camera.status === "on",
      microphone: microphone.status === "on",
      sound,
      crop,
      recording: isRecording.get(),
    });
    if (state === sentState) return;
    sentState = state;
    states.send(state);
  }

  function apply(change: InboxChange, lateMs: number) {
    if (change.kind !== "on" || lateMs <= tooLateToSoundMs) desk.playOther(change);
    tell(change, lateMs);
    if (change.kind !== "pedal") lightWhenHeard(change);
  }

  function tell(change: MidiChange, lateMs: number) {
    for (const listener of listeners) listener(change, lateMs);
  }

  /** Sound takes a while from here to the ear: a key lights with it, not before. */
  function lightWhenHeard({ kind, midi }: Exclude<InboxChange, { kind: "pedal" }>) {
    const line = receive;
    const delayMs = otherState.get()?.sound === "off" ? 0 : desk.otherDelayMs();
    dueMs = Math.max(dueMs, performance.now() + delayMs);
    setTimeout(() => {
      if (line !== receive) return;
      if (kind === "on") other.press(midi);
      else other.release(midi);
    }, dueMs - performance.now());
  }

  /** The line broke, or the other page is a new one: nothing may hang, and its count starts anew. */
  function forget() {
    receive = createKeyInbox();
    lateMs = createLateness();
    other.releaseAll();
    desk.playOther({ kind: "all-off" });
    tell({ kind: "all-off" }, 0);
  }

  const oneWayMs = () =>
    (room.getSnapshot().peers.find(({ stats }) => stats)?.stats?.rttMs ?? 0) / 2;

  const stops = [
    keys.on("open", ({ peerId }) =>
      send({ kind: "held", keys: [...desk.player.held.get()], pedal: desk.isPedalDown() }, peerId),
    ),
    keys.on("close", forget),
    keys.on("message", ({ data }) => {
      const event = decodeKeyEvent(data);
      if (!event) return;
      const late = lateMs(event.sentAtMs, performance.now()) + oneWayMs();
      for (const change of receive(event)) apply(change, late);
    }),
    states.on("open", () => {
      sentState = "";
      tellState();
    }),
    states.on("message", ({ data }) => {
      const state = decodeSideState(data);
      if (!state) return;
      otherState.set(state);
      desk.synth.setSound("other", state.sound);
    }),
    desk.onChange(sendOwn),
    desk.preferences.subscribe(tellState),
    desk.media.subscribe(tellState),
    isRecording.subscribe(tellState),
  ];

  return {
    other,
    otherState,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const stop of stops) stop();
      forget();
      keys.close();
      states.close();
    },
  };
}
