import { isOnKeyboard } from "./keyboard-layout";

/** By place on the keyboard, not by letter: the two rows look like a piano in every layout. */
const semitones: Record<string, number> = {
  KeyA: 0,
  KeyW: 1,
  KeyS: 2,
  KeyE: 3,
  KeyD: 4,
  KeyF: 5,
  KeyT: 6,
  KeyG: 7,
  KeyY: 8,
  KeyH: 9,
  KeyU: 10,
  KeyJ: 11,
  KeyK: 12,
};
const middleC = 60;
const velocity = 88;
const maxOctaves = 3;

export interface ComputerKeysTarget {
  press(midi: number, velocity: number): void;
  release(midi: number): void;
  pedal(down: boolean): void;
}

type Key = Pick<KeyboardEvent, "code" | "repeat" | "altKey" | "ctrlKey" | "metaKey">;

/** Plays the piano from two rows of the computer's keyboard: A to K is C to C, Z and X move an octave, Shift is the pedal. */
export function createComputerKeys(target: ComputerKeysTarget) {
  /** What each key that is down plays: an octave's move does not change a held note. */
  const sounding = new Map<string, number>();
  let octaves = 0;

  return {
    /** @returns whether the key was one of the piano's */
    down({ code, repeat, altKey, ctrlKey, metaKey }: Key): boolean {
      if (altKey || ctrlKey || metaKey) return false;
      if (code === "ShiftLeft" || code === "ShiftRight") {
        if (!repeat) target.pedal(true);
        return true;
      }
      if (code === "KeyZ" || code === "KeyX") {
        if (!repeat) octaves = clampOctaves(octaves + (code === "KeyZ" ? -1 : 1));
        return true;
      }
      const semitone = semitones[code];
      if (semitone === undefined) return false;
      const midi = middleC + octaves * 12 + semitone;
      if (!repeat && !sounding.has(code) && isOnKeyboard(midi)) {
        sounding.set(code, midi);
        target.press(midi, velocity);
      }
      return true;
    },
    up({ code }: Pick<Key, "code">) {
      if (code === "ShiftLeft" || code === "ShiftRight") target.pedal(false);
      const midi = sounding.get(code);
      if (midi === undefined) return;
      sounding.delete(code);
      target.release(midi);
    },
    /** The window lost its focus: the releases will not be heard. */
    releaseAll() {
      for (const midi of sounding.values()) target.release(midi);
      sounding.clear();
      target.pedal(false);
    },
  };
}

function clampOctaves(octaves: number): number {
  return Math.max(-maxOctaves, Math.min(maxOctaves, octaves));
}
