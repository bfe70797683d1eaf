/** A bucket that fills steadily: `burst` at once, then `perSecond`. */
export interface Allowance {
  perSecond: number;
  burst: number;
}

export interface LimitClassRule {
  counts: string;
  /** For one signed-in user, and for one room. */
  user?: Allowance;
  room?: Allowance;
  /** For everybody of one network: an IPv4 address or a /64. Wide, since a school may be behind one. */
  network: Allowance;
}

/**
 * How much of each class one user, room and network may ask. Meant to stop what no person and no honest
 * program does: a person who uploads a thousand photographs, and forty people behind one address, stay far below.
 */
export const limitClasses = {
  pages: {
    counts: "Pages with their scripts and data, and signing in and out.",
    network: { perSecond: 200, burst: 10_000 },
  },
  reads: {
    counts: "Queries.",
    user: { perSecond: 100, burst: 3_000 },
    network: { perSecond: 400, burst: 12_000 },
  },
  writes: {
    counts: "Mutations.",
    user: { perSecond: 100, burst: 5_000 },
    network: { perSecond: 400, burst: 20_000 },
  },
  joins: {
    counts: "Seats taken in rooms, and relay credentials asked for.",
    user: { perSecond: 10, burst: 500 },
    room: { perSecond: 5, burst: 300 },
    network: { perSecond: 20, burst: 1_000 },
  },
  streams: {
    counts: "Event streams opened.",
    user: { perSecond: 10, burst: 500 },
    room: { perSecond: 10, burst: 500 },
    network: { perSecond: 50, burst: 2_000 },
  },
  signals: {
    counts:
      "Calls that send into a room or read from it. What they carry is counted for each peer besides.",
    room: { perSecond: 500, burst: 5_000 },
    network: { perSecond: 2_000, burst: 20_000 },
  },
  uploads: {
    counts: "Files posted to upload URLs.",
    network: { perSecond: 100, burst: 5_000 },
  },
  bytes: {
    counts: "Reads of files and objects, and parts of uploads, where this server holds them.",
    network: { perSecond: 400, burst: 20_000 },
  },
} as const satisfies Record<string, LimitClassRule>;

export type LimitClass = keyof typeof limitClasses;
export type LimitSubject = "user" | "room" | "network";

/** Everything that has a limit, as `class.subject`. */
export const limitNames: readonly string[] = Object.entries(limitClasses).flatMap(([name, rule]) =>
  (["user", "room", "network"] as const)
    .filter((subject) => subject in rule)
    .map((subject) => `${name}.${subject}`),
);

/** Other numbers than the ones above, by `class.subject`. */
export type LimitOverrides = Readonly<Record<string, Allowance>>;

/** What a subject may take of a class; null where nobody counts it. */
export function allowanceOf(
  name: LimitClass,
  subject: LimitSubject,
  overrides: LimitOverrides,
): Allowance | null {
  const rule: LimitClassRule = limitClasses[name];
  return overrides[`${name}.${subject}`] ?? rule[subject] ?? null;
}
