/** The 88 keys of a piano, A0 to C8, and where each one lies. Lengths are in widths of a white key. */
export interface PianoKey {
  /** 21 to 108. */
  midi: number;
  /** `C4`, `F♯2`. */
  name: string;
  /** `C4`, `F sharp 2`: what a screen reader says, and what the label on the key says with it. */
  spoken: string;
  black: boolean;
  left: number;
  width: number;
}

export const lowestMidi = 21;
export const highestMidi = 108;
export const whiteKeyCount = 52;
/** How far down the black keys reach, of the keyboard's height. */
export const blackKeyHeight = 0.62;

const blackKeyWidth = 0.55;
/** Where a black key's middle lies, from the left edge of its octave's C: not quite between its neighbours. */
const blackMiddles: Record<number, number> = { 1: 0.865, 3: 2.105, 6: 3.835, 8: 4.985, 10: 6.13 };
const whiteSteps: Record<number, number> = { 0: 0, 2: 1, 4: 2, 5: 3, 7: 4, 9: 5, 11: 6 };
const names = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
/** A0 is the sixth white key of its octave. */
const whiteKeysBelowA0 = 5;

export const pianoKeys: readonly PianoKey[] = Array.from(
  { length: highestMidi - lowestMidi + 1 },
  (_, index) => layOut(lowestMidi + index),
);

function layOut(midi: number): PianoKey {
  const step = midi % 12;
  const octave = Math.floor(midi / 12) - 1;
  const octaveLeft = octave * 7 - whiteKeysBelowA0;
  const name = `${names[step]}${octave}`;
  const spoken = name.replace("♯", " sharp ");
  const middle = blackMiddles[step];
  return middle === undefined
    ? { midi, name, spoken, black: false, left: octaveLeft + (whiteSteps[step] ?? 0), width: 1 }
    : {
        midi,
        name,
        spoken,
        black: true,
        left: octaveLeft + middle - blackKeyWidth / 2,
        width: blackKeyWidth,
      };
}

export function keyOf(midi: number): PianoKey | undefined {
  return pianoKeys[midi - lowestMidi];
}

export function isOnKeyboard(midi: number): boolean {
  return Number.isInteger(midi) && midi >= lowestMidi && midi <= highestMidi;
}

/**
 * The key under a point: `x` from 0 to 52, `y` from 0 (the far edge) to 1.
 * @returns its MIDI number, or null beside the keyboard
 */
export function keyAt(x: number, y: number): number | null {
  if (x < 0 || x >= whiteKeyCount || y < 0 || y > 1) return null;
  const covers = ({ left, width }: PianoKey) => x >= left && x < left + width;
  const black = y <= blackKeyHeight ? pianoKeys.find((key) => key.black && covers(key)) : undefined;
  return (black ?? pianoKeys.find((key) => !key.black && covers(key)))?.midi ?? null;
}
