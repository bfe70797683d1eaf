import type { PeerRoom } from "@fermata/api";
import type { Desk } from "../desk";
import { decodeKeyEvent, encodeKeyEvent, type KeyChange } from "../piano/key-events";
import type { MidiChange } from "../piano/midi";
import { createPlayer, type Player } from "../piano/player";
import { createStore, type Store } from "../store";
import { createFarPiano, type FarPiano } from "./far-piano";
import { decodeSideState, encodeSideState, type SideState } from "./side-state";

type ChangeListener = (change: MidiChange, lateMs: number, peerId: string) => void;

/** Pianos on one line: what is played here goes out to everybody, what each of them plays is shown and sounds. */
export interface Duet {
  /** What somebody plays; null for nobody. */
  player(peerId: string | null): Player;
  /** What each of the others told, once it has. */
  states: Pick<Store<ReadonlyMap<string, SideState>>, "get" | "subscribe">;
  /** Hears each change of another side's as it comes, also what came too late to sound, and how long it was under way. */
  onChange(listener: ChangeListener): () => void;
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
  const channel = room.channel("state");
  const states = createStore<ReadonlyMap<string, SideState>>(new Map());
  const pianos = new Map<string, FarPiano>();
  const nobody = createPlayer();
  const listeners = new Set<ChangeListener>();
  let seq = 0;
  let sentState = "";

  function send(change: KeyChange, to?: string) {
    const event = { ...change, seq: seq++, sentAtMs: performance.now() };
    keys.send(encodeKeyEvent(event), { to });
  }

  /** Everything that is down now, to one who may have missed it. */
  function sendHeld(to: string) {
    send({ kind: "held", keys: [...desk.player.held.get()], pedal: desk.isPedalDown() }, to);
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
    channel.send(state);
  }

  /** Everybody counts for themselves, so each has an inbox of their own. */
  function pianoOf(peerId: string): FarPiano {
    const known = pianos.get(peerId);
    if (known) return known;
    const piano = createFarPiano({
      oneWayMs: () => {
        const peer = room.getSnapshot().peers.find((one) => one.peerId === peerId);
        return (peer?.stats?.rttMs ?? 0) / 2;
      },
      soundDelayMs: () => (states.get().get(peerId)?.sound === "off" ? 0 : desk.otherDelayMs()),
      sound: (change) => desk.playOther(change, peerId),
      tell(change, lateMs) {
        for (const listener of listeners) listener(change, lateMs, peerId);
      },
    });
    pianos.set(peerId, piano);
    return piano;
  }

  const stops = [
    keys.on("open", ({ peerId }) => sendHeld(peerId)),
    keys.on("close", ({ peerId }) => pianoOf(peerId).forget()),
    // A channel outlives its line by many seconds, and when the line is back it is the same one.
    room.on("peerState", ({ peer: { peerId, state }, previous }) => {
      if (previous === "connected") pianoOf(peerId).letGo();
      else if (state === "connected") sendHeld(peerId);
    }),
    keys.on("message", ({ from, data }) => {
      const event = decodeKeyEvent(data);
      if (event) pianoOf(from).receive(event);
    }),
    channel.on("open", () => {
      sentState = "";
      tellState();
    }),
    channel.on("message", ({ from, data }) => {
      const state = decodeSideState(data);
      if (!state) return;
      states.set(new Map(states.get()).set(from, state));
      desk.synth.setSound(from, state.sound);
    }),
    desk.onChange(sendOwn),
    desk.preferences.subscribe(tellState),
    desk.media.subscribe(tellState),
    isRecording.subscribe(tellState),
  ];

  return {
    player: (peerId) => (peerId === null ? nobody : pianoOf(peerId).player),
    states,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const stop of stops) stop();
      for (const piano of pianos.values()) piano.forget();
      keys.close();
      channel.close();
    },
  };
}
