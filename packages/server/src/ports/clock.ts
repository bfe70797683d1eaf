/** Time for verbs. They never read it elsewhere, so that tests can move it. */
export interface Clock {
  now(): Date;
  /** How far this machine's own clock is ahead of it, in milliseconds; absent where that is the clock. */
  readonly machineAheadMs?: number;
}

export const systemClock: Clock = { now: () => new Date() };
