import type { JobContext } from "../context";
import { type CronJobs, defineJob, type JobDefinition } from "../crons/registry";
import type { DayOfWeek, TimeOfDay } from "../crons/schedule/schedule";
import type { Logger } from "../ports/logger";

/** What a job of the app's gets: no user. */
export interface HostJobContext {
  readonly job: string;
  /** Aborts when the job's time is up or the server stops. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The server's clock. */
  now(): Date;
}

export interface HostJob {
  description?: string;
  /** Then `signal` aborts and the run counts as failed. Default 280. */
  timeoutSeconds?: number;
  /** What it returns stands in the ledger as JSON, up to 64 KiB. */
  run(ctx: HostJobContext): unknown;
}

type Work = HostJob | HostJob["run"];

/** Schedules, in UTC, by name. A schedule that cannot be kept is refused there and then, with the reason. */
export interface HostCrons {
  /** Every so many seconds, minutes or hours: it neither drifts nor bunches. */
  interval(
    name: string,
    every: { seconds: number } | { minutes: number } | { hours: number },
    job: Work,
  ): void;
  /** At minute 0 unless told otherwise. */
  hourly(name: string, at: { minuteUTC?: number }, job: Work): void;
  /** At midnight unless told otherwise. */
  daily(name: string, at: TimeOfDay, job: Work): void;
  weekly(name: string, at: TimeOfDay & { dayOfWeek: DayOfWeek }, job: Work): void;
  monthly(name: string, at: TimeOfDay & { day: number }, job: Work): void;
  /** Five fields: `0 16 * * *`. */
  cron(name: string, expression: string, job: Work): void;
}

/** The same registry as the app sees it: a job may be a function alone, and knows nothing of the server's inside. */
export function hostCrons(crons: CronJobs): HostCrons {
  return {
    interval: (name, every, job) =>
      crons.interval(name, every as { seconds: number }, toDefinition(name, job)),
    hourly: (name, at, job) => crons.hourly(name, at, toDefinition(name, job)),
    daily: (name, at, job) => crons.daily(name, at, toDefinition(name, job)),
    weekly: (name, at, job) => crons.weekly(name, at, toDefinition(name, job)),
    monthly: (name, at, job) => crons.monthly(name, at, toDefinition(name, job)),
    cron: (name, expression, job) => crons.cron(name, expression, toDefinition(name, job)),
  };
}

function toDefinition(name: string, job: Work): JobDefinition {
  const {
    description = name,
    timeoutSeconds,
    run,
  } = typeof job === "function" ? { run: job } : job;
  return defineJob({
    description,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    run: async ({ job, signal, log, clock }: JobContext) =>
      run({ job, signal, log, now: () => clock.now() }),
  });
}
