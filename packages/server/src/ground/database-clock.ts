import type { Pool } from "pg";
import type { Clock } from "../ports/clock";
import type { Logger } from "../ports/logger";

/** Above this a machine's clock is wrong, and not only read a little early or late. */
export const mostClockGapMs = 60_000;

const compareEveryMs = 30_000;
/** Between two comparisons that a jump of the machine's clock asks for. */
const leastPauseMs = 1_000;
/** Of the machine's clock against the time that passed: more than any correction by small steps. */
const jumpMs = 2_000;

export interface DatabaseClock extends Clock {
  readonly machineAheadMs: number;
  /** Compares with PostgreSQL now. Where it is away, what was known stays. */
  compare(): Promise<void>;
  stop(): void;
}

/**
 * The time of PostgreSQL, which all servers of an installation share: what one writes another compares with, and one
 * whose own clock is wrong would refuse what is valid and delete what is not old. Between two comparisons it goes on by
 * the time that passed, so that a jump of the machine's clock does not move it.
 */
export function createDatabaseClock(options: {
  pool: Pool;
  log: Logger;
  /** The machine's clock; tests have another. */
  machine?: () => number;
}): DatabaseClock {
  const { pool, log, machine = Date.now } = options;
  let base = { databaseMs: machine(), passedMs: performance.now(), machineAheadMs: 0 };
  let comparedAtMs = Number.NEGATIVE_INFINITY;
  let comparing: Promise<void> | null = null;
  let isWrong = false;
  const timer = setInterval(() => void compare(), compareEveryMs).unref();

  async function ask(): Promise<void> {
    const askedAt = performance.now();
    comparedAtMs = askedAt;
    try {
      const { rows } = await pool.query<{ ms: number }>(
        "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms",
      );
      const passedMs = performance.now();
      // Read half way between question and answer, as far as anybody can tell.
      const databaseMs = (rows[0]?.ms ?? machine()) + (passedMs - askedAt) / 2;
      base = { databaseMs, passedMs, machineAheadMs: machine() - databaseMs };
      tell();
    } catch (err) {
      log.debug({ err }, "PostgreSQL could not be asked for the time");
    }
  }

  function compare(): Promise<void> {
    comparing ??= ask().finally(() => {
      comparing = null;
    });
    return comparing;
  }

  function tell(): void {
    const wasWrong = isWrong;
    isWrong = Math.abs(base.machineAheadMs) > mostClockGapMs;
    if (isWrong === wasWrong) return;
    const aheadSeconds = Math.round(base.machineAheadMs / 1000);
    if (isWrong) log.warn({ aheadSeconds }, describeClockGap(base.machineAheadMs));
    else log.info({ aheadSeconds }, "this machine's clock is right again");
  }

  return {
    now() {
      const passed = performance.now();
      const nowMs = base.databaseMs + (passed - base.passedMs);
      const drift = machine() - base.machineAheadMs - nowMs;
      // Nothing waits for the first comparison: until it is there, the machine's clock has to do.
      if (comparedAtMs === Number.NEGATIVE_INFINITY) void compare();
      // It was set, or the machine slept, which not every clock counts.
      else if (Math.abs(drift) > jumpMs && passed - comparedAtMs > leastPauseMs) void compare();
      return new Date(nowMs);
    },
    get machineAheadMs() {
      return base.machineAheadMs;
    },
    compare,
    stop: () => clearInterval(timer),
  };
}

/** For people: how far the clock of this machine is off, and what to do. */
export function describeClockGap(machineAheadMs: number): string {
  const seconds = Math.round(Math.abs(machineAheadMs) / 1000);
  const amount = seconds < 7_200 ? `${seconds} s` : `${Math.round(seconds / 3_600)} h`;
  const direction = machineAheadMs > 0 ? "ahead of" : "behind";
  return `The clock of this machine is ${amount} ${direction} PostgreSQL's, which decides. Set both by NTP; until then nothing is deleted by its age.`;
}
