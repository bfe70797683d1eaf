import { createStore, type Store } from "../store";

/** A stretch of time for which a key was down, in `performance.now()`. */
export interface NoteBar {
  midi: number;
  fromMs: number;
  /** Null while the key is down. */
  toMs: number | null;
}

export interface Player {
  /** The keys that are down now. */
  held: Pick<Store<ReadonlySet<number>>, "get" | "subscribe">;
  /** What was played of late, oldest first. */
  bars(): readonly NoteBar[];
  press(midi: number): void;
  release(midi: number): void;
  releaseAll(): void;
}

/** Bars older than this have left every picture. */
const barMs = 8_000;

/** One side's hands: which keys are down, and which were a moment ago. */
export function createPlayer(now: () => number = () => performance.now()): Player {
  const { set, ...held } = createStore<ReadonlySet<number>>(new Set());
  let bars: NoteBar[] = [];

  function end(midi: number) {
    for (const bar of bars) if (bar.midi === midi && bar.toMs === null) bar.toMs = now();
  }

  return {
    held,
    bars: () => bars,
    press(midi) {
      end(midi);
      const since = now() - barMs;
      bars = [
        ...bars.filter(({ toMs }) => toMs === null || toMs > since),
        { midi, fromMs: now(), toMs: null },
      ];
      if (!held.get().has(midi)) set(new Set(held.get()).add(midi));
    },
    release(midi) {
      end(midi);
      if (!held.get().has(midi)) return;
      const next = new Set(held.get());
      next.delete(midi);
      set(next);
    },
    releaseAll() {
      for (const midi of held.get()) end(midi);
      if (held.get().size > 0) set(new Set());
    },
  };
}
