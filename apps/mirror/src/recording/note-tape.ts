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

type Bytes = Uint8Array<ArrayBuffer>;

/** So that a tick is a millisecond: 500 a beat, and half a second a beat. */
const ticksPerBeat = 500;
const microsecondsPerBeat = 500_000;
const sustainController = 64;
/** All but the tenth, which is for drums. */
const channels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];
/** The library copies all that it has for each event that it adds, so it gets a few at a time. */
const eventsPerPiece = 64;
const fileHeadBytes = 14;
const trackHeadBytes = 8;
const endOfTrack: MidiEvent = { deltaTime: 0, meta: true, type: "endOfTrack" };

/** Writes down what every player plays, from now on. */
export function createNoteTape(now: () => number = () => performance.now()): NoteTape {
  const startedAt = now();
  const tracks = new Map<string, Track>();
  const tick = () => Math.round(now() - startedAt);

  function trackOf(id: string): Track {
    const track = tracks.get(id) ?? createTrack();
    tracks.set(id, track);
    return track;
  }

  return {
    add(whose, change, lateMs = 0) {
      trackOf(whose).add(Math.round(tick() - lateMs), change);
    },
    toMidiFile(title, players) {
      const head: MidiEvent[] = [
        nameEvent(title),
        { deltaTime: 0, meta: true, type: "setTempo", microsecondsPerBeat },
        endOfTrack,
      ];
      const bodies = players.map(({ id, name }, index) =>
        trackOf(id).write(channels[index % channels.length] ?? 0, name, tick()),
      );
      const empty = bodies.map((): MidiEvent[] => []);
      const start = write([head, ...empty]).slice(0, -trackHeadBytes * bodies.length || undefined);
      return join([start, ...bodies.flatMap((body) => [trackHead(body.length), body])]);
    },
  };
}

interface Track {
  /** Not before what it has already. */
  add(atMs: number, change: MidiChange): void;
  /** Its body, as if everything were let go of at `endMs`. */
  write(channel: number, name: string, endMs: number): Bytes;
}

function createTrack(): Track {
  const events: MidiEvent[] = [];
  const down = new Set<number>();
  let pedal = false;
  let addedMs = 0;
  let lastMs = 0;
  /** What was written before stays written: a recording of an hour is not written anew for each of its moments. */
  let written = { channel: -1, pieces: [] as Bytes[] };

  function push(atMs: number, event: MidiEvent) {
    events.push({ ...event, deltaTime: atMs - lastMs });
    lastMs = atMs;
  }
  function release(atMs: number, midi: number) {
    if (down.delete(midi)) push(atMs, noteOff(midi));
  }
  function press(atMs: number, noteNumber: number, velocity: number) {
    // A key that was held before anybody heard it has no stroke.
    if (velocity === 0) return;
    release(atMs, noteNumber);
    down.add(noteNumber);
    push(atMs, { deltaTime: 0, channel: 0, type: "noteOn", noteNumber, velocity });
  }
  function setPedal(atMs: number, next: boolean) {
    if (pedal !== next) push(atMs, pedalEvent(next));
    pedal = next;
  }
  /** Whatever is held at the end would sound for ever. */
  function ending(endMs: number): MidiEvent[] {
    const all = [...[...down].map(noteOff), ...(pedal ? [pedalEvent(false)] : [])];
    return all.map((event, index) => ({ ...event, deltaTime: index === 0 ? endMs - lastMs : 0 }));
  }

  return {
    add(asPlayedMs, change) {
      const atMs = Math.max(addedMs, asPlayedMs);
      addedMs = atMs;
      if (change.kind === "on") press(atMs, change.midi, change.velocity);
      else if (change.kind === "off") release(atMs, change.midi);
      else if (change.kind === "pedal") setPedal(atMs, change.down);
      else {
        for (const midi of down) release(atMs, midi);
        setPedal(atMs, false);
      }
    },
    write(channel, name, endMs) {
      const onChannel = (some: MidiEvent[]) =>
        write([some.map((event) => ({ ...event, channel }) as MidiEvent)]).slice(
          fileHeadBytes + trackHeadBytes,
        );
      if (channel !== written.channel) written = { channel, pieces: [] };
      const { pieces } = written;
      while ((pieces.length + 1) * eventsPerPiece <= events.length) {
        const from = pieces.length * eventsPerPiece;
        pieces.push(onChannel(events.slice(from, from + eventsPerPiece)));
      }
      const rest = [...events.slice(pieces.length * eventsPerPiece), ...ending(endMs)];
      return join([onChannel([nameEvent(name)]), ...pieces, onChannel([...rest, endOfTrack])]);
    },
  };
}

function noteOff(noteNumber: number): MidiEvent {
  return { deltaTime: 0, channel: 0, type: "noteOff", noteNumber, velocity: 0 };
}

function pedalEvent(down: boolean): MidiEvent {
  const value = down ? 127 : 0;
  const controllerType = sustainController;
  return { deltaTime: 0, channel: 0, type: "controller", controllerType, value };
}

function nameEvent(name: string): MidiEvent {
  return { deltaTime: 0, meta: true, type: "trackName", text: asBytes(name) };
}

function write(tracks: MidiEvent[][]): Bytes {
  const header = { format: 1 as const, numTracks: tracks.length, ticksPerBeat };
  return Uint8Array.from(writeMidi({ header, tracks }));
}

function trackHead(bodyBytes: number): Bytes {
  const head = Uint8Array.from([..."MTrk\0\0\0\0"].map((letter) => letter.charCodeAt(0)));
  new DataView(head.buffer).setUint32(4, bodyBytes);
  return head;
}

function join(parts: readonly Bytes[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The library writes a byte for each character; names are UTF-8. */
function asBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
