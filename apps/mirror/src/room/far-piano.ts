import type { KeyEvent } from "../piano/key-events";
import { createKeyInbox, type InboxChange } from "../piano/key-inbox";
import { createLateness, tooLateToSoundMs } from "../piano/lateness";
import type { MidiChange } from "../piano/midi";
import { createPlayer, type Player } from "../piano/player";

export interface FarPiano {
  player: Player;
  receive(event: KeyEvent): void;
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

/** The piano of one of the others: its notes are put right, sound, and light when they are heard. */
export function createFarPiano({ oneWayMs, soundDelayMs, sound, tell }: FarPianoOptions): FarPiano {
  const player = createPlayer();
  let inbox = createKeyInbox();
  let lateMs = createLateness();
  /** When the last light is due, in `performance.now()`: they keep their order. */
  let dueMs = 0;
  const lights: (() => void)[] = [];

  function apply(change: InboxChange, late: number) {
    if (change.kind !== "on" || late <= tooLateToSoundMs) sound(change);
    tell(change, late);
    if (change.kind !== "pedal") lightWhenHeard(change);
  }

  /** Sound takes a while from here to the ear: a key lights with it, not before. */
  function lightWhenHeard({ kind, midi }: Exclude<InboxChange, { kind: "pedal" }>) {
    const line = inbox;
    lights.push(() => {
      if (line !== inbox) return;
      if (kind === "on") player.press(midi);
      else player.release(midi);
    });
    dueMs = Math.max(dueMs, performance.now() + soundDelayMs());
    // Timers of the same moment may change places, and a key that went out before it was lit would stay lit.
    setTimeout(() => lights.shift()?.(), dueMs - performance.now());
  }

  return {
    player,
    receive(event) {
      const late = lateMs(event.sentAtMs, performance.now()) + oneWayMs();
      for (const change of inbox(event)) apply(change, late);
    },
    forget() {
      inbox = createKeyInbox();
      lateMs = createLateness();
      player.releaseAll();
      sound({ kind: "all-off" });
      tell({ kind: "all-off" }, 0);
    },
  };
}
