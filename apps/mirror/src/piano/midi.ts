import { createStore, type Store } from "../store";
import { isOnKeyboard } from "./keyboard-layout";

export type MidiChange =
  | { kind: "on"; midi: number; velocity: number }
  | { kind: "off"; midi: number }
  | { kind: "pedal"; down: boolean }
  | { kind: "all-off" };

const sustainController = 64;
const allSoundOff = 120;
const allNotesOff = 123;

/** Reads one MIDI message; null for what a piano does not need (clock, bends, keys beyond the 88). */
export function parseMidi(data: ArrayLike<number> | null): MidiChange | null {
  const [status = 0, first = 0, second = 0] = data ? Array.from(data) : [];
  const command = status & 0xf0;
  if (command === 0x80 || command === 0x90) {
    if (!isOnKeyboard(first)) return null;
    // Many keyboards release with a stroke of no force.
    return command === 0x90 && second > 0
      ? { kind: "on", midi: first, velocity: Math.min(127, second) }
      : { kind: "off", midi: first };
  }
  if (command !== 0xb0) return null;
  if (first === sustainController) return { kind: "pedal", down: second >= 64 };
  return first === allSoundOff || first === allNotesOff ? { kind: "all-off" } : null;
}

/** What an instrument is told, as MIDI messages on its first channel. */
export function encodeMidi(change: MidiChange): number[][] {
  if (change.kind === "on") return [[0x90, change.midi, change.velocity]];
  if (change.kind === "off") return [[0x80, change.midi, 0]];
  const pedal = [0xb0, sustainController, change.kind === "pedal" && change.down ? 127 : 0];
  return change.kind === "pedal" ? [pedal] : [pedal, [0xb0, allNotesOff, 0]];
}

export interface MidiSnapshot {
  /** `unsupported` by the browser, or by the system below it. */
  status: "unsupported" | "idle" | "asking" | "denied" | "ready";
  inputs: readonly { id: string; name: string }[];
  /** Instruments that can be played from here. */
  outputs: readonly { id: string; name: string }[];
}

export interface Midi extends Pick<Store<MidiSnapshot>, "get" | "subscribe"> {
  /** Asks for access; the browser may ask the person. */
  open(): Promise<void>;
  /** Which keyboard is listened to; null for none. */
  listenTo(id: string | null): void;
  /** Which instrument is played; null for none. */
  playOn(id: string | null): void;
  /** @returns whether an instrument plays it: one that is plugged in */
  play(change: MidiChange): boolean;
}

/** The keyboards that are plugged in, also those that come and go: to be listened to, and to be played. */
export function createMidi(onChange: (change: MidiChange) => void): Midi {
  const supported = typeof navigator !== "undefined" && "requestMIDIAccess" in navigator;
  const store = createStore<MidiSnapshot>({
    status: supported ? "idle" : "unsupported",
    inputs: [],
    outputs: [],
  });
  let access: MIDIAccess | null = null;
  let wanted: string | null = null;
  let played: string | null = null;
  const sounding = new Set<number>();

  function refresh() {
    if (!access) return;
    const inputs = [...access.inputs.values()].filter(({ state }) => state === "connected");
    for (const input of access.inputs.values()) {
      input.onmidimessage =
        input.id === wanted
          ? ({ data }) => {
              const change = parseMidi(data);
              if (change) onChange(change);
            }
          : null;
    }
    // Whatever an unplugged keyboard held would hang.
    if (wanted && !inputs.some(({ id }) => id === wanted)) onChange({ kind: "all-off" });
    const outputs = [...access.outputs.values()].filter(({ state }) => state === "connected");
    const named = ({ id, name }: MIDIPort) => ({ id, name: name || "MIDI keyboard" });
    store.set({ status: "ready", inputs: inputs.map(named), outputs: outputs.map(named) });
  }

  function play(change: MidiChange): boolean {
    const output = played === null ? undefined : access?.outputs.get(played);
    if (output?.state !== "connected") return false;
    if (change.kind === "on") sounding.add(change.midi);
    else if (change.kind === "off") sounding.delete(change.midi);
    else if (change.kind === "all-off") {
      // Not every instrument knows "all notes off".
      for (const midi of sounding) output.send([0x80, midi, 0]);
      sounding.clear();
    }
    for (const message of encodeMidi(change)) output.send(message);
    return true;
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    async open() {
      if (!supported || access || store.get().status === "asking") return;
      store.set({ status: "asking", inputs: [], outputs: [] });
      try {
        access = await navigator.requestMIDIAccess({ sysex: false });
        access.onstatechange = refresh;
        refresh();
      } catch (error) {
        const name = error instanceof Error ? error.name : "";
        const isRefused = name === "NotAllowedError" || name === "SecurityError";
        store.set({ status: isRefused ? "denied" : "unsupported", inputs: [], outputs: [] });
      }
    },
    listenTo(id) {
      if (id === wanted) return;
      wanted = id;
      onChange({ kind: "all-off" });
      refresh();
    },
    playOn(id) {
      if (id === played) return;
      // Nothing hangs on the one that was played until now.
      play({ kind: "all-off" });
      played = id;
    },
    play,
  };
}
