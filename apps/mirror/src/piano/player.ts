import { createStore, type Store } from "../store";

/** A stretch of time for which a key was down, in `performance.now()`. */
export interface NoteBar {
  midi: number;
  fromMs: number;
  /** Null while the key is down. */
  toMs: number | null;
}

/** What a finger did, and when. */
export interface KeyStep {
  kind: "on" | "off";
  midi: number;
  atMs: number;
}

export interface Player {
  /** The keys that are down now. */
  held: Pick<Store<ReadonlySet<number>>, "get" | "subscribe">;
  /** What was played of late, oldest first. */
  bars(): readonly NoteBar[];
  press(midi: number): void;
  release(midi: number): void;
  /** Many at once: who follows hears of them once. */
  play(steps: readonly KeyStep[]): void;
  releaseAll(): void;
}

/** Bars older than this have left every picture. */
const barMs = 8_000;
/** More than anybody's hands play in that time: sixty a second. */
const maxBars = 480;

/** One side's hands: which keys are down, and which were a moment ago. */
export function createPlayer(now: () => number = () => performance.now()): Player {
  const { set, ...held } = createStore<ReadonlySet<number>>(new Set());
  let bars: NoteBar[] = [];
  const down = new Map<number, NoteBar>();

  function end(midi: number, atMs: number) {
    const bar = down.get(midi);
    if (bar) bar.toMs = atMs;
    down.delete(midi);
  }

  function start(midi: number, atMs: number) {
    const bar = { midi, fromMs: atMs, toMs: null };
    down.set(midi, bar);
    bars.push(bar);
  }

  /** A bar whose key is down stays, however old. */
  function dropOld() {
    const since = now() - barMs;
    const spare = bars.length - maxBars;
    bars = bars.filter(({ toMs }, index) => toMs === null || (toMs > since && index >= spare));
  }

  function play(steps: readonly KeyStep[]) {
    const keys = new Set(held.get());
    let isNews = false;
    for (const { kind, midi, atMs } of steps) {
      const wasDown = keys.has(midi);
      end(midi, atMs);
      if (kind === "on") {
        start(midi, atMs);
        keys.add(midi);
      } else keys.delete(midi);
      isNews ||= wasDown !== keys.has(midi);
    }
    if (steps.some(({ kind }) => kind === "on")) dropOld();
    if (isNews) set(keys);
  }

  return {
    held,
    bars: () => bars,
    press: (midi) => play([{ kind: "on", midi, atMs: now() }]),
    release: (midi) => play([{ kind: "off", midi, atMs: now() }]),
    play,
    releaseAll: () => play([...held.get()].map((midi) => ({ kind: "off", midi, atMs: now() }))),
  };
}
