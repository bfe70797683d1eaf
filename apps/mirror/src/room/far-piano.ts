import type { KeyEvent } from "../piano/key-events";
import { createKeyInbox, type InboxChange } from "../piano/key-inbox";
import { createLateness, tooLateToSoundMs } from "../piano/lateness";
import type { MidiChange } from "../piano/midi";
import { createPlayer, type KeyStep, type Player } from "../piano/player";
import { createStrokeBudget } from "../piano/stroke-budget";

export interface FarPiano {
  player: Player;
  receive(event: KeyEvent): void;
  /** Nothing is heard of it for now: nothing may sound on. What is held comes anew when it is back. */
  letGo(): void;
  /** The line broke, or the other page is a new one: nothing may hang, and its count starts anew. */
  forget(): void;
}

export interface FarPianoOptions {
  /** Half the way there and back. */
  oneWayMs(): number;
  /** How long its sound takes from here to the ear. */
  soundDelayMs(): number;
  sound(change: MidiChange): void;
  /** Hears each change as it comes, also what came too late to sound. */
  tell(change: MidiChange, lateMs: number): void;
}

/** Nobody sees more than a frame's worth of changes apart. */
const frameMs = 16;

/** The piano of one of the others: its notes are put right, sound, and light when they are heard. */
export function createFarPiano({ oneWayMs, soundDelayMs, sound, tell }: FarPianoOptions): FarPiano {
  const player = createPlayer();
  // One for all its lines: a page that comes anew and anew gets no more.
  const takeStroke = createStrokeBudget();
  let inbox = createKeyInbox(takeStroke);
  let lateMs = createLateness();
  let lastSeq = -1;
  /** What is still to be lit, in `performance.now()`: they keep their order. */
  let lights: KeyStep[] = [];
  let lighting: ReturnType<typeof setTimeout> | null = null;
  let litMs = 0;

  function apply(change: InboxChange, late: number) {
    if (change.kind !== "on" || late <= tooLateToSoundMs) sound(change);
    tell(change, late);
    if (change.kind !== "pedal") lightWhenHeard(change);
  }

  /** Sound takes a while from here to the ear: a key lights with it, not before. */
  function lightWhenHeard({ kind, midi }: Exclude<InboxChange, { kind: "pedal" }>) {
    // A key that went out before it was lit would stay lit, also where the delay got shorter meanwhile.
    const atMs = Math.max(lights.at(-1)?.atMs ?? 0, performance.now() + soundDelayMs());
    lights.push({ kind, midi, atMs });
    lighting ??= lightLater(atMs);
  }

  /** One timer for all, and one change a frame: what follows a player draws 88 keys. */
  function lightLater(firstMs: number) {
    const dueMs = Math.max(firstMs, litMs + frameMs);
    return setTimeout(() => {
      litMs = Math.max(dueMs, performance.now());
      const due = lights.filter(({ atMs }) => atMs <= litMs);
      lights = lights.slice(due.length);
      const [next] = lights;
      lighting = next ? lightLater(next.atMs) : null;
      player.play(due);
    }, dueMs - performance.now());
  }

  return {
    player,
    receive(event) {
      lastSeq = Math.max(lastSeq, event.seq);
      const late = lateMs(event.sentAtMs, performance.now()) + oneWayMs();
      for (const change of inbox(event)) apply(change, late);
    },
    letGo() {
      // As if it had said so itself, after all that was heard of it and before all that is to come.
      const seq = lastSeq + 0.5;
      const changes = inbox({ kind: "held", keys: [], pedal: false, seq, sentAtMs: 0 });
      for (const change of changes) apply(change, 0);
    },
    forget() {
      inbox = createKeyInbox(takeStroke);
      lateMs = createLateness();
      lastSeq = -1;
      if (lighting !== null) clearTimeout(lighting);
      lighting = null;
      lights = [];
      player.releaseAll();
      sound({ kind: "all-off" });
      tell({ kind: "all-off" }, 0);
    },
  };
}
