import { openStorage } from "./browser-storage";
import { createKeepsakes, type Keepsakes } from "./keepsakes/keepsakes";
import { createLocalMedia, type LocalMedia } from "./media/local-media";
import type { ChosenSource } from "./piano/key-source";
import { createMidi, type Midi, type MidiChange } from "./piano/midi";
import { createPlayer, type Player } from "./piano/player";
import { createSharedInstrument } from "./piano/shared-instrument";
import { createSynth, type Synth } from "./piano/synth";
import { createPreferences, type PreferenceStore } from "./preferences";
import type { Account } from "./room/account";
import { createStore, type Store } from "./store";

/** Everything on this side of the line: the hands, what they sound like, camera and microphone, and what is kept. */
export interface Desk {
  preferences: PreferenceStore;
  media: LocalMedia;
  midi: Midi;
  synth: Synth;
  player: Player;
  keepsakes: Keepsakes;
  /** Who is signed in now: null once the session has ended, whatever a call began with. */
  account: Store<Account | null>;
  source: Store<ChosenSource>;
  /** The last key that was struck. */
  lastKey: Pick<Store<number | null>, "get" | "subscribe">;
  isPedalDown(): boolean;
  press(midi: number, velocity: number): void;
  release(midi: number): void;
  pedal(down: boolean): void;
  releaseAll(): void;
  /** What one of the others plays sounds here: on the instrument that was chosen for it, or by the computer. */
  playOther(change: MidiChange, peerId: string): void;
  /** How long that takes to be heard, in milliseconds. An instrument is taken for one that sounds at once. */
  otherDelayMs(): number;
  /** Hears every change as it happens. */
  onChange(listener: (change: MidiChange) => void): () => void;
}

export function createDesk(): Desk {
  const preferences = createPreferences(openStorage("localStorage"));
  const { cameraId, microphoneId, music, sound, instrumentId } = preferences.get();
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

  const midi = createMidi(play);
  const share = createSharedInstrument();
  midi.playOn(instrumentId);

  return {
    preferences,
    media: createLocalMedia({ cameraId, microphoneId, music }),
    midi,
    synth,
    player,
    keepsakes: createKeepsakes(),
    account: createStore<Account | null>(null),
    source: createStore<ChosenSource>(null),
    lastKey,
    isPedalDown: () => pedalDown,
    press: (midi, velocity) => play({ kind: "on", midi, velocity }),
    release: (midi) => play({ kind: "off", midi }),
    pedal: (down) => play({ kind: "pedal", down }),
    releaseAll: () => play({ kind: "all-off" }),
    playOther(change, peerId) {
      let isPlayed = false;
      for (const step of share(peerId, change)) isPlayed = midi.play(step);
      // What began on the computer ends there, also where an instrument was chosen meanwhile.
      if (change.kind === "on") {
        if (!isPlayed) synth.press(peerId, change.midi, change.velocity);
      } else if (change.kind === "off") synth.release(peerId, change.midi);
      else if (change.kind === "pedal") synth.pedal(peerId, change.down);
      else synth.releaseAll(peerId);
    },
    otherDelayMs() {
      const { instrumentId: played } = preferences.get();
      const isPlayed = midi.get().outputs.some(({ id }) => id === played);
      return isPlayed ? 0 : (synth.delayMs() ?? 0);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
