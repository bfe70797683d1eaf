import { keyOf } from "./keyboard-layout";

/** `D4, F4 and A4`, from the lowest up; empty when nothing is held. */
export function spokenChord(held: Iterable<number>): string {
  const notes = [...held].sort((a, b) => a - b).flatMap((midi) => keyOf(midi)?.spoken ?? []);
  const last = notes.pop();
  if (last === undefined) return "";
  return notes.length === 0 ? last : `${notes.join(", ")} and ${last}`;
}
