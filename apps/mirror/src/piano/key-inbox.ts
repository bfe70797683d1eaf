import type { KeyEvent } from "./key-events";
import { highestMidi, lowestMidi } from "./keyboard-layout";

/** One step of the other player's piano, ready to be shown and sounded. */
export type InboxChange =
  | { kind: "on"; midi: number; velocity: number }
  | { kind: "off"; midi: number }
  | { kind: "pedal"; down: boolean };

/** A held key that nobody heard being pressed is shown; it has no stroke to sound. */
const silentVelocity = 0;

/**
 * Puts the events of one unordered channel right: for each key only what was sent last counts, so that an `on`
 * overtaken by its `off` does not hang. A new channel needs a new inbox.
 *
 * @param mayPress asked before a key or the pedal goes down; whatever goes up is never left out
 */
export function createKeyInbox(mayPress: () => boolean = () => true) {
  const lastSeqs = new Map<number | "pedal", number>();
  const down = new Set<number>();
  let pedal = false;

  const isNews = (subject: number | "pedal", seq: number) => {
    if ((lastSeqs.get(subject) ?? -1) >= seq) return false;
    lastSeqs.set(subject, seq);
    return true;
  };

  const press = (midi: number, velocity: number): InboxChange[] => {
    if (!mayPress()) return [];
    down.add(midi);
    return [{ kind: "on", midi, velocity }];
  };
  const release = (midi: number): InboxChange[] =>
    down.delete(midi) ? [{ kind: "off", midi }] : [];
  const setPedal = (next: boolean): InboxChange[] => {
    if (next === pedal || (next && !mayPress())) return [];
    pedal = next;
    return [{ kind: "pedal", down: next }];
  };

  return function receive(event: KeyEvent): InboxChange[] {
    const { seq } = event;
    if (event.kind === "pedal") return isNews("pedal", seq) ? setPedal(event.down) : [];
    if (event.kind === "on") {
      return isNews(event.midi, seq) ? press(event.midi, event.velocity) : [];
    }
    if (event.kind === "off") return isNews(event.midi, seq) ? release(event.midi) : [];

    const changes: InboxChange[] = [];
    for (let midi = lowestMidi; midi <= highestMidi; midi++) {
      if (!isNews(midi, seq)) continue;
      const held = event.keys.includes(midi);
      if (held && !down.has(midi)) changes.push(...press(midi, silentVelocity));
      else if (!held) changes.push(...release(midi));
    }
    if (isNews("pedal", seq)) changes.push(...setPedal(event.pedal));
    return changes;
  };
}
