import { type MidiEvent, writeMidi } from "midi-file";
import type { MidiChange } from "../piano/midi";

export interface TapedPlayer {
  id: string;
  name: string;
}

export interface NoteTape {
  /** @param lateMs how long it was under way: it stands where it was played, behind what is there already */
  add(whose: string, change: MidiChange, lateMs?: number): void;
  /** A standard MIDI file of what was played until now, with a track for each player, on a channel of its own. */
  toMidiFile(title: string, players: readonly TapedPlayer[]): Uint8Array<ArrayBuffer>;
}

/** So that a tick is a millisecond: 500 a beat, and half a second a beat. */
const ticksPerBeat = 500;
const microsecondsPerBeat = 500_000;
const sustainController = 64;
/** All but the tenth, which is for drums. */
const channels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];

/** Writes down what every player plays, from now on. */
export function createNoteTape(now: () => number = () => performance.now()): NoteTape {
  const startedAt = now();
  const tape: { atMs: number; whose: string; change: MidiChange }[] = [];
  const tick = () => Math.round(now() - startedAt);

  function trackOf({ id, name }: TapedPlayer, index: number): MidiEvent[] {
    const track = createTrack(channels[index % channels.length] ?? 0, name);
    for (const entry of tape) if (entry.whose === id) track.add(entry.atMs, entry.change);
    // Whatever is held now would sound for ever.
    track.add(tick(), { kind: "all-off" });
    return track.end();
  }

  return {
    add(whose, change, lateMs = 0) {
      const before = tape.findLast((entry) => entry.whose === whose)?.atMs ?? 0;
      tape.push({ atMs: Math.max(before, Math.round(tick() - lateMs)), whose, change });
    },
    toMidiFile(title, players) {
      const head: MidiEvent[] = [
        { deltaTime: 0, meta: true, type: "trackName", text: asBytes(title) },
        { deltaTime: 0, meta: true, type: "setTempo", microsecondsPerBeat },
        { deltaTime: 0, meta: true, type: "endOfTrack" },
      ];
      const tracks = [head, ...players.map(trackOf)];
      const header = { format: 1 as const, numTracks: tracks.length, ticksPerBeat };
      return Uint8Array.from(writeMidi({ header, tracks }));
    },
  };
}

function createTrack(channel: number, name: string) {
  const events: MidiEvent[] = [
    { deltaTime: 0, meta: true, type: "trackName", text: asBytes(name) },
  ];
  const down = new Set<number>();
  let pedal = false;
  let lastMs = 0;

  const since = (atMs: number) => {
    const deltaTime = atMs - lastMs;
    lastMs = atMs;
    return deltaTime;
  };
  function release(atMs: number, noteNumber: number) {
    if (!down.delete(noteNumber)) return;
    events.push({ deltaTime: since(atMs), channel, type: "noteOff", noteNumber, velocity: 0 });
  }
  function press(atMs: number, noteNumber: number, velocity: number) {
    // A key that was held before anybody heard it has no stroke.
    if (velocity === 0) return;
    release(atMs, noteNumber);
    down.add(noteNumber);
    events.push({ deltaTime: since(atMs), channel, type: "noteOn", noteNumber, velocity });
  }
  function setPedal(atMs: number, next: boolean) {
    if (pedal === next) return;
    pedal = next;
    events.push({
      deltaTime: since(atMs),
      channel,
      type: "controller",
      controllerType: sustainController,
      value: next ? 127 : 0,
    });
  }

  return {
    add(atMs: number, change: MidiChange) {
      if (change.kind === "on") press(atMs, change.midi, change.velocity);
      else if (change.kind === "off") release(atMs, change.midi);
      else if (change.kind === "pedal") setPedal(atMs, change.down);
      else {
        for (const midi of down) release(atMs, midi);
        setPedal(atMs, false);
      }
    },
    end(): MidiEvent[] {
      return [...events, { deltaTime: 0, meta: true, type: "endOfTrack" }];
    },
  };
}

/** The library writes a byte for each character; names are UTF-8. */
function asBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
