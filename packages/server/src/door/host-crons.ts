import type { JobContext } from "../context";
import {
  type CronJobs,
  defineJob,
  type JobDefinition,
  cronJobs as openRegistry,
} from "../crons/registry";
import type { DayOfWeek, TimeOfDay } from "../crons/schedule/schedule";
import type { Logger } from "../ports/logger";
import type { Steps } from "../ports/steps";
import type { InputParser } from "../uploads/upload-rule";
import { FermataOptionError } from "./fermata-error";

/** What a job of the app's gets: no user. */
export interface HostJobContext {
  readonly job: string;
  readonly runId: string;
  /** From 1. */
  readonly attempt: number;
  /** Parts of the run that are not done again once they are through. */
  readonly step: Steps;
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
  /** How often a run that failed is tried again: after 10, 30, 60, 120, 300 s, then every 600 s. Default 0, at most 20. */
  retries?: number;
  /** It deletes what is older than something: not while the clocks of this machine and of PostgreSQL disagree. */
  deletesByAge?: boolean;
  /** Why the job cannot run as this server is configured, as an instruction; null when it can. */
  disabledReason?: () => string | null;
  /** What it returns stands in the ledger as JSON, up to 64 KiB. */
  run(ctx: HostJobContext): unknown;
}

/** A job without a schedule: it runs once for each time that it is asked for, by `fermata.jobs.enqueue`. */
export interface HostQueuedJob<Input = undefined> extends Omit<HostJob, "run"> {
  /** What it is given: checked when it is asked for, and when it runs. */
  input?: InputParser<Input>;
  /** How many of it run at a time. */
  concurrency?: number;
  run(ctx: HostJobContext, input: Input): unknown;
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
  /** Without a schedule, by `fermata.jobs.enqueue`. */
  onDemand<Input = undefined>(
    name: string,
    job: HostQueuedJob<Input> | HostQueuedJob<Input>["run"],
  ): void;
}

/** Schedules that were written in a file of their own. */
export interface HostCronList extends HostCrons {
  /** Writes them into a server's. */
  into(crons: HostCrons): void;
}

/**
 * For schedules in a file of their own: `const crons = cronJobs(); crons.daily(…); export default crons;`, and
 * `createFermataServer({ crons })`.
 */
export function cronJobs(): HostCronList {
  const calls: ((crons: HostCrons) => void)[] = [];
  // Refuses there and then what a server would.
  const trial = hostCrons(openRegistry());
  const add = (call: (crons: HostCrons) => void) => {
    call(trial);
    calls.push(call);
  };
  return {
    interval: (...job) => add((crons) => crons.interval(...job)),
    hourly: (...job) => add((crons) => crons.hourly(...job)),
    daily: (...job) => add((crons) => crons.daily(...job)),
    weekly: (...job) => add((crons) => crons.weekly(...job)),
    monthly: (...job) => add((crons) => crons.monthly(...job)),
    cron: (...job) => add((crons) => crons.cron(...job)),
    onDemand: (name, job) => add((crons) => crons.onDemand(name, job)),
    into(crons) {
      for (const call of calls) call(crons);
    },
  };
}

export type CronsOption = HostCronList | ((crons: HostCrons) => unknown);

/** @throws FermataOptionError for what declares no schedules; Error for a schedule that cannot be kept */
export function declareCrons(crons: CronJobs, option: CronsOption | undefined): void {
  if (option === undefined) return;
  if (typeof option === "function") option(hostCrons(crons));
  else if (typeof option?.into === "function") option.into(hostCrons(crons));
  else throw new FermataOptionError("crons", "is a function, or what cronJobs() made.");
}

/** The same registry as the app sees it: a job may be a function alone, and knows nothing of the server's inside. */
function hostCrons(crons: CronJobs): HostCrons {
  return {
    interval: (name, every, job) =>
      crons.interval(name, every as { seconds: number }, toDefinition(name, job)),
    hourly: (name, at, job) => crons.hourly(name, at, toDefinition(name, job)),
    daily: (name, at, job) => crons.daily(name, at, toDefinition(name, job)),
    weekly: (name, at, job) => crons.weekly(name, at, toDefinition(name, job)),
    monthly: (name, at, job) => crons.monthly(name, at, toDefinition(name, job)),
    cron: (name, expression, job) => crons.cron(name, expression, toDefinition(name, job)),
    onDemand<Input>(name: string, job: HostQueuedJob<Input> | HostQueuedJob<Input>["run"]) {
      const { input, concurrency, run, ...rest } =
        typeof job === "function" ? ({ run: job } as HostQueuedJob<Input>) : job;
      crons.onDemand<Input>(name, {
        description: name,
        ...rest,
        ...(concurrency !== undefined && { concurrency }),
        ...(input && { parse: (given) => parseInput(input, given) }),
        run: async (ctx, given) => run(toHostContext(ctx), given),
      });
    },
  };
}

function toDefinition(name: string, job: Work): JobDefinition {
  const { run, ...rest }: HostJob = typeof job === "function" ? { run: job } : job;
  return defineJob({ description: name, ...rest, run: async (ctx) => run(toHostContext(ctx)) });
}

function toHostContext({
  job,
  runId,
  attempt,
  step,
  signal,
  log,
  clock,
}: JobContext): HostJobContext {
  return { job, runId, attempt, step, signal, log, now: () => clock.now() };
}

function parseInput<Input>(parser: InputParser<Input>, given: unknown): Input {
  const parsed = parser.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join(".") || "input"}: ${issue?.message ?? "does not fit"}`);
}
