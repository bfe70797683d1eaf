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
  close(): void;
}

export function createDuet(room: PeerRoom, desk: Desk): Duet {
  // Unordered: a lost packet delays its own note only.
  const keys = room.channel("keys", { ordered: false });
  const states = room.channel("state");
  const other = createPlayer();
  const otherState = createStore<SideState | null>(null);
  let receive = createKeyInbox();
  let lateMs = createLateness();
  let seq = 0;
  let sentState = "";

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
    });
    if (state === sentState) return;
    sentState = state;
    states.send(state);
  }

  function apply(change: InboxChange, late: boolean) {
    if (change.kind === "on") {
      other.press(change.midi);
      if (!late) desk.playOther(change);
    } else if (change.kind === "off") {
      other.release(change.midi);
      desk.playOther(change);
    } else desk.playOther(change);
  }

  /** The line broke, or the other page is a new one: nothing may hang, and its count starts anew. */
  function forget() {
    receive = createKeyInbox();
    lateMs = createLateness();
    other.releaseAll();
    desk.playOther({ kind: "all-off" });
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
      const late = lateMs(event.sentAtMs, performance.now()) + oneWayMs() > tooLateToSoundMs;
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
  ];

  return {
    other,
    otherState,
    close() {
      for (const stop of stops) stop();
      forget();
      keys.close();
      states.close();
    },
  };
}
