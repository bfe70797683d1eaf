import { listed } from "../text";
import { keyOf } from "./keyboard-layout";

/** `D4, F4 and A4`, from the lowest up; empty when nothing is held. */
export function spokenChord(held: Iterable<number>): string {
  const notes = [...held].sort((a, b) => a - b).flatMap((midi) => keyOf(midi)?.spoken ?? []);
  return listed(notes);
}
