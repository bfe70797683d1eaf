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

export interface MidiSnapshot {
  /** `unsupported` by the browser, or by the system below it. */
  status: "unsupported" | "idle" | "asking" | "denied" | "ready";
  inputs: readonly { id: string; name: string }[];
}

export interface MidiInputs extends Pick<Store<MidiSnapshot>, "get" | "subscribe"> {
  /** Asks for access; the browser may ask the person. */
  open(): Promise<void>;
  /** Which keyboard is listened to; null for none. */
  listenTo(id: string | null): void;
}

/** The keyboards that are plugged in, also those that come and go. */
export function createMidiInputs(onChange: (change: MidiChange) => void): MidiInputs {
  const supported = typeof navigator !== "undefined" && "requestMIDIAccess" in navigator;
  const store = createStore<MidiSnapshot>({
    status: supported ? "idle" : "unsupported",
    inputs: [],
  });
  let access: MIDIAccess | null = null;
  let wanted: string | null = null;

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
    store.set({
      status: "ready",
      inputs: inputs.map(({ id, name }) => ({ id, name: name || "MIDI keyboard" })),
    });
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    async open() {
      if (!supported || access || store.get().status === "asking") return;
      store.set({ status: "asking", inputs: [] });
      try {
        access = await navigator.requestMIDIAccess({ sysex: false });
        access.onstatechange = refresh;
        refresh();
      } catch (error) {
        const name = error instanceof Error ? error.name : "";
        const isRefused = name === "NotAllowedError" || name === "SecurityError";
        store.set({ status: isRefused ? "denied" : "unsupported", inputs: [] });
      }
    },
    listenTo(id) {
      if (id === wanted) return;
      wanted = id;
      onChange({ kind: "all-off" });
      refresh();
    },
  };
}
