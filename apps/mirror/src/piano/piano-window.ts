import { pianoKeys, whiteKeyCount } from "./keyboard-layout";

/** The part of the keyboard that a narrow screen shows large. Counted in white keys. */
export interface PianoWindow {
  firstWhite: number;
  whites: number;
}

/** The window moved, and kept on the keyboard. */
export function moveWindow(view: PianoWindow, firstWhite: number): PianoWindow {
  const last = whiteKeyCount - view.whites;
  return { ...view, firstWhite: Math.min(last, Math.max(0, firstWhite)) };
}

/** `C3 to F5`. */
export function pianoWindowText({ firstWhite, whites }: PianoWindow): string {
  const white = pianoKeys.filter(({ black }) => !black);
  const first = white[Math.round(firstWhite)];
  const last = white[Math.min(whiteKeyCount, Math.round(firstWhite + whites)) - 1];
  return `${first?.name} to ${last?.name}`;
}
