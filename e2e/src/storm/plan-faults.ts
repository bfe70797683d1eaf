import { randomFrom } from "./random";

/** What befalls the installation, and for how long. */
export interface PlannedFault {
  atMs: number;
  forMs: number;
  kind: (typeof kinds)[number];
  /** Which of the two servers, where it is about one. */
  server: 0 | 1;
}

const kinds = [
  "server killed",
  "server restarted",
  "server stalled",
  "server an hour ahead",
  "database restarted",
  "database connections reset",
  "store resets connections",
  "store loses answers",
  "store full",
  "store hangs",
] as const;

/** Where a minute has so many, one follows the other with a breath between them. */
const everyMs = 8_000;

/** The same storm for the same seed: every kind in turn, in an order of its own, at times of its own. */
export function planFaults(seed: number, lastsMs: number): PlannedFault[] {
  const random = randomFrom(seed);
  const faults: PlannedFault[] = [];
  let order: (typeof kinds)[number][] = [];
  for (let atMs = 2_000; atMs < lastsMs - 4_000; atMs += random.between(0.6, 1.4) * everyMs) {
    if (order.length === 0) order = shuffled([...kinds], random.next);
    const kind = order.pop() ?? kinds[0];
    faults.push({
      atMs: Math.round(atMs),
      forMs: Math.round(random.between(1_000, 5_000)),
      kind,
      server: random.pick([0, 1]),
    });
  }
  return faults;
}

function shuffled<T>(items: T[], next: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}
