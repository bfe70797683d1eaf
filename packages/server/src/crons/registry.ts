import { createHash } from "node:crypto";
import type { z } from "zod";
import type {
  CronJob,
  CronRegistry,
  JobContext,
  QueueJob,
  RunFailure,
  Services,
  WorkToDo,
} from "../context";
import {
  cronSchedule,
  type DayOfWeek,
  dailySchedule,
  hourlySchedule,
  intervalSchedule,
  monthlySchedule,
  type Schedule,
  sweepSchedule,
  type TimeOfDay,
  weeklySchedule,
} from "./schedule/schedule";

/** Below the five minutes that serverless platforms allow a function. */
const DEFAULT_TIMEOUT_SECONDS = 280;
/** Node's timers take no more, and fire at once instead. */
const MAX_TIMEOUT_SECONDS = 2_147_483;
const MAX_RETRIES = 20;
const MAX_NAME_CHARS = 200;
const MAX_SLUG_CHARS = 100;
/** The names of Fermata's own functions in an engine. */
const reservedSlugs = new Set(["cron-ticker", "process-media"]);

/** What a job does, apart from when. */
export interface JobDefinition<Input = void> {
  description: string;
  /** Then `ctx.signal` aborts and the run counts as failed. Default 280, at most 2,147,483 (24 days). */
  timeoutSeconds?: number;
  /** How often a run that failed is tried again: after 10, 30, 60, 120, 300 s, then every 600 s. Default 0, at most 20. */
  retries?: number;
  /** Is told of a run that failed for good. What it throws is logged. */
  onFailure?: (services: Services, failure: RunFailure) => Promise<void>;
  /**
   * Slots without work are left out, and cost nothing; every six hours it runs all the same, in case nobody asked. Only for
   * schedules that divide six hours: intervals, and `crons.hourly`.
   */
  onlyWhen?: WorkToDo;
  /** It deletes what is older than something: not while the clocks of this machine and of PostgreSQL disagree. */
  deletesByAge?: boolean;
  /** Of a queued job: how many run at a time, on one process of the embedded runner or in all of Inngest. */
  concurrency?: number;
  /** Of a queued job: what it is given. Checked when it is asked for, and when it runs. */
  input?: z.ZodType<Input>;
  /** In place of `input`. @throws Error that says why it does not fit */
  parse?: (given: unknown) => Input;
  /** Why the job cannot run as this server is configured, as an instruction; null when it can. */
  disabledReason?: (services: Services) => string | null;
  /** What it returns stands in the ledger as JSON, up to 64 KiB. */
  run(ctx: JobContext, input: Input): Promise<unknown>;
}

export function defineJob<Input = void>(definition: JobDefinition<Input>): JobDefinition<Input> {
  return definition;
}

type OneUnit =
  | { seconds: number; minutes?: never; hours?: never }
  | { minutes: number; seconds?: never; hours?: never }
  | { hours: number; seconds?: never; minutes?: never };

/** Turns down what the types can see: zero, negative numbers and fractions. */
type WholePositive<N> = N extends number
  ? number extends N
    ? N
    : `${N}` extends "0" | `-${string}` | `${string}.${string}` | `${string}e-${string}`
      ? never
      : N
  : N;

type Interval<T> = { [Key in keyof T]: WholePositive<T[Key]> };

/** Schedules are written by calling its methods. Whatever cannot be kept is refused there and then, with the reason. */
export interface CronJobs extends CronRegistry {
  /** Every so many seconds, minutes or hours, at multiples since 1970: it neither drifts nor bunches. */
  interval<const T extends OneUnit>(name: string, every: T & Interval<T>, job: JobDefinition): void;
  /** At minute 0 unless told otherwise. */
  hourly(name: string, at: { minuteUTC?: number }, job: JobDefinition): void;
  /** At midnight UTC unless told otherwise. */
  daily(name: string, at: TimeOfDay, job: JobDefinition): void;
  weekly(name: string, at: TimeOfDay & { dayOfWeek: DayOfWeek }, job: JobDefinition): void;
  /** A month without that day is left out. */
  monthly(name: string, at: TimeOfDay & { day: number }, job: JobDefinition): void;
  /** Five fields, UTC: `0 16 * * *`. */
  cron(name: string, expression: string, job: JobDefinition): void;
  /** Without a schedule: it runs once for each time that it is asked for with `enqueue`. */
  onDemand<Input>(name: string, job: JobDefinition<Input>): void;
}

export function cronJobs(): CronJobs {
  const jobs: CronJob[] = [];

  const queued: QueueJob[] = [];
  const refusal = (name: string, reason: string) =>
    new Error(`The cron job "${name}" is refused: ${reason}.`);

  /** What every job has, checked. */
  function describe<Input>(name: string, job: JobDefinition<Input>) {
    const all = [...jobs, ...queued];
    if (!/[\p{L}\p{N}]/u.test(name) || name.length > MAX_NAME_CHARS)
      throw refusal(name, `a name has letters or digits, and at most ${MAX_NAME_CHARS} characters`);
    if (all.some((other) => other.name === name))
      throw refusal(name, "there is one of this name already");
    const slug = slugOf(name, (taken) => all.some((other) => other.slug === taken));
    if (reservedSlugs.has(slug)) throw refusal(name, `${slug} is a function of Fermata's own`);
    const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, retries = 0 } = job;
    if (!(timeoutSeconds > 0 && timeoutSeconds <= MAX_TIMEOUT_SECONDS))
      throw refusal(
        name,
        `timeoutSeconds is a number above 0 and at most ${MAX_TIMEOUT_SECONDS} (24 days), not ${timeoutSeconds}`,
      );
    if (!Number.isInteger(retries) || retries < 0 || retries > MAX_RETRIES)
      throw refusal(name, `retries is a whole number from 0 to ${MAX_RETRIES}, not ${retries}`);
    return {
      name,
      slug,
      description: job.description,
      timeoutSeconds,
      retries,
      onFailure: job.onFailure,
      disabledReason: job.disabledReason ?? (() => null),
    };
  }

  function addQueued<Input>(name: string, job: JobDefinition<Input>): void {
    const { concurrency = null, input, parse, run } = job;
    if (concurrency !== null && !(Number.isInteger(concurrency) && concurrency > 0))
      throw refusal(name, `concurrency is a whole number from 1, not ${concurrency}`);
    if (job.onlyWhen) throw refusal(name, "onlyWhen belongs to jobs with a schedule");
    queued.push({
      ...describe(name, job),
      concurrency,
      readInput: (given) => parse?.(given) ?? (input ? input.parse(given) : (given ?? null)),
      definition: job,
      run: (ctx, given) => run(ctx, given as Input),
    });
  }

  function add(name: string, readSchedule: () => Schedule, job: JobDefinition): void {
    const described = describe(name, job);
    let schedule: Schedule;
    let planned: Schedule;
    try {
      schedule = readSchedule();
      planned = schedule;
      if (job.onlyWhen) {
        planned = sweepSchedule(schedule);
        const inWords = `${schedule.inWords}, when ${job.onlyWhen.inWords}; in any case every 6 hours`;
        schedule = { ...schedule, inWords };
      }
    } catch (error) {
      throw refusal(name, error instanceof Error ? error.message : String(error));
    }
    jobs.push({
      ...described,
      schedule,
      planned,
      onlyWhen: job.onlyWhen ?? null,
      deletesByAge: job.deletesByAge ?? false,
      run: (ctx) => job.run(ctx),
    });
  }

  return {
    jobs,
    queued,
    onDemand: addQueued,
    find: (name) => jobs.find((job) => job.name === name),
    interval: (name, every, job) => add(name, () => intervalSchedule(every), job),
    hourly: (name, at, job) => add(name, () => hourlySchedule(at), job),
    daily: (name, at, job) => add(name, () => dailySchedule(at), job),
    weekly: (name, at, job) => add(name, () => weeklySchedule(at), job),
    monthly: (name, at, job) => add(name, () => monthlySchedule(at), job),
    cron: (name, expression, job) => add(name, () => cronSchedule(expression), job),
  };
}

/**
 * A name as it stands in ids: `purge expired signaling` is `purge-expired-signaling`. Engines take letters from a to z and
 * digits there; where that leaves nothing of a name, or what another job is called, a hash of the name tells it apart.
 */
function slugOf(name: string, isTaken: (slug: string) => boolean): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_CHARS)
    .replace(/^-|-$/g, "");
  if (letters !== "" && !isTaken(letters)) return letters;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 12);
  return letters === "" ? `job-${hash}` : `${letters}-${hash}`;
}
