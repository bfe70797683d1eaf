import { createLocalMedia, type LocalMedia } from "./media/local-media";
import type { ChosenSource } from "./piano/key-source";
import { createMidiInputs, type MidiChange, type MidiInputs } from "./piano/midi";
import { createPlayer, type Player } from "./piano/player";
import { createSynth, type Synth } from "./piano/synth";
import { createPreferences, type PreferenceStore } from "./preferences";
import { createStore, type Store } from "./store";

/** Everything on this side of the line: the hands, what they sound like, camera and microphone. */
export interface Desk {
  preferences: PreferenceStore;
  media: LocalMedia;
  midi: MidiInputs;
  synth: Synth;
  player: Player;
  source: Store<ChosenSource>;
  /** The last key that was struck. */
  lastKey: Pick<Store<number | null>, "get" | "subscribe">;
  isPedalDown(): boolean;
  press(midi: number, velocity: number): void;
  release(midi: number): void;
  pedal(down: boolean): void;
  releaseAll(): void;
  /** Hears every change as it happens. */
  onChange(listener: (change: MidiChange) => void): () => void;
}

export function createDesk(): Desk {
  const preferences = createPreferences(localStorageOrNull());
  const { cameraId, microphoneId, music, sound } = preferences.get();
  const listeners = new Set<(change: MidiChange) => void>();
  const player = createPlayer();
  const synth = createSynth();
  const lastKey = createStore<number | null>(null);
  let pedalDown = false;
  synth.setSound("own", sound);

  /** Lights and sounds here first; whoever listens sends it on. */
  function play(change: MidiChange) {
    if (change.kind === "on") {
      player.press(change.midi);
      synth.press("own", change.midi, change.velocity);
      lastKey.set(change.midi);
    } else if (change.kind === "off") {
      player.release(change.midi);
      synth.release("own", change.midi);
    } else if (change.kind === "pedal") {
      if (pedalDown === change.down) return;
      pedalDown = change.down;
      synth.pedal("own", change.down);
    } else {
      pedalDown = false;
      player.releaseAll();
      synth.releaseAll("own");
    }
    for (const listener of listeners) listener(change);
  }

  return {
    preferences,
    media: createLocalMedia({ cameraId, microphoneId, music }),
    midi: createMidiInputs(play),
    synth,
    player,
    source: createStore<ChosenSource>(null),
    lastKey,
    isPedalDown: () => pedalDown,
    press: (midi, velocity) => play({ kind: "on", midi, velocity }),
    release: (midi) => play({ kind: "off", midi }),
    pedal: (down) => play({ kind: "pedal", down }),
    releaseAll: () => play({ kind: "all-off" }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Reading the property throws where cookies are blocked. */
function localStorageOrNull(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
