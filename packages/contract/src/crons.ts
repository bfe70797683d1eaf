import { z } from "zod";
import { idSchema, instantSchema, pageInputSchema, pageOf, textSchema } from "./common";
import type { ContractEntries } from "./contract-entry";

export const runStatusSchema = z.enum(["running", "succeeded", "failed", "skipped", "lost"]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const cronRunSchema = z
  .object({
    runId: idSchema,
    slot: instantSchema.describe(
      "The instant that the run stands for: the scheduled one, or the moment somebody pressed the button.",
    ),
    trigger: z.enum(["schedule", "manual"]),
    status: runStatusSchema,
    startedAt: instantSchema,
    finishedAt: instantSchema.nullable(),
    // Optional in the type, as JSON has no undefined: a run without a result says null.
    result: z.unknown().optional(),
    error: z.string().nullable(),
    attempt: z
      .number()
      .int()
      .positive()
      .describe("From 1: a job with `retries` tries again by itself."),
    waitsUntil: instantSchema
      .nullable()
      .describe("Of a run that sleeps, or waits for its next attempt: until when."),
  })
  .meta({ id: "CronRun" });
export type CronRun = z.infer<typeof cronRunSchema>;

export const cronLogLineSchema = z
  .object({
    at: instantSchema,
    level: z.enum(["debug", "info", "warn", "error"]),
    message: z.string(),
    details: z.string().nullable().describe("The facts beside the message, as JSON."),
  })
  .meta({ id: "CronLogLine" });
export type CronLogLine = z.infer<typeof cronLogLineSchema>;

export const cronStepSchema = z
  .object({
    name: z.string(),
    attempt: z.number().int().positive().describe("How often it was begun."),
    startedAt: instantSchema,
    finishedAt: instantSchema.nullable(),
    wakeAt: instantSchema.nullable().describe("Of a sleep: when it is over."),
    error: z.string().nullable(),
  })
  .meta({ id: "CronStep" });
export type CronStep = z.infer<typeof cronStepSchema>;

/** What only the page of one run shows. */
const trace = {
  log: z
    .array(cronLogLineSchema)
    .describe("What the job logged, oldest first: at most 200 lines and 64 KiB, the newest."),
  droppedLogLines: z.number().int().nonnegative(),
  steps: z
    .array(cronStepSchema)
    .describe("Its parts that stand in the ledger, in the order in which they began."),
  engineUrl: z.url().nullable().describe("Where the engine shows the run, if it does."),
};

export const cronRunDetailSchema = cronRunSchema
  .extend({ name: z.string(), ...trace })
  .meta({ id: "CronRunDetail" });
export type CronRunDetail = z.infer<typeof cronRunDetailSchema>;

export const cronJobSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    schedule: z.string().describe("As it was written: `every 1 hour`, `0 16 * * *`."),
    scheduleText: z.string().describe("The same in plain words."),
    nextRunAt: instantSchema.nullable(),
    nextSlots: z
      .array(instantSchema)
      .describe(
        "The next five slots, the first of them `nextRunAt`; none while it is paused or off.",
      ),
    retries: z
      .number()
      .int()
      .nonnegative()
      .describe("How often a run that failed is tried again by itself."),
    timeoutSeconds: z.number().positive(),
    paused: z.boolean(),
    disabledReason: z.string().nullable(),
    lastRun: cronRunSchema.nullable(),
    recentRuns: z
      .array(
        z.object({
          runId: idSchema,
          slot: instantSchema,
          status: runStatusSchema,
          durationMs: z.number().nullable(),
        }),
      )
      .describe("The last 50 outcomes, oldest first."),
  })
  .meta({ id: "CronJob" });
export type CronJob = z.infer<typeof cronJobSchema>;

export const queuedJobSchema = z
  .object({
    jobId: idSchema.describe("As `enqueue` gave it."),
    name: z.string().describe("What the job is called in the code."),
    status: z.enum(["queued", "running", "succeeded", "failed", "cancelled", "lost"]),
    attempt: z.number().int().positive().describe("Which attempt runs or comes next, from 1."),
    attempts: z
      .number()
      .int()
      .positive()
      .nullable()
      .describe("How many it has at most; null where this server's code has no such job."),
    createdAt: instantSchema,
    runAt: instantSchema.describe(
      "Not before then: as it was asked for, or after a sleep or a failed attempt.",
    ),
    startedAt: instantSchema.nullable(),
    finishedAt: instantSchema.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: "QueuedJob" });
export type QueuedJob = z.infer<typeof queuedJobSchema>;

export const queuedJobDetailSchema = queuedJobSchema
  .extend({
    // Optional in the type, as JSON has no undefined.
    input: z.unknown().optional().describe("What it was given."),
    result: z.unknown().optional(),
    ...trace,
  })
  .meta({ id: "QueuedJobDetail" });
export type QueuedJobDetail = z.infer<typeof queuedJobDetailSchema>;

/** What runs the jobs, whether it calls this app, and what that costs. */
export const cronEngineSchema = z
  .object({
    engine: z.enum(["embedded", "inngest"]),
    appId: z.string().describe("What the app is called there."),
    state: z
      .enum(["calling", "silent", "unregistered", "unknown"])
      .describe(
        "`silent`: a job was due and not called for. `unknown`: it never called, nor was asked to.",
      ),
    registeredAt: instantSchema.nullable(),
    problem: z
      .string()
      .nullable()
      .describe("Why the app could not be registered, when that was tried last."),
    lastCalledAt: instantSchema.nullable(),
    silentSince: instantSchema.nullable().describe("The slot that was not called for."),
    dashboardUrl: z.url().nullable(),
    executions: z
      .object({
        count: z.number().int().nonnegative(),
        projected: z
          .number()
          .int()
          .nonnegative()
          .nullable()
          .describe("What the month will come to if it goes on so; null in its first day."),
        included: z
          .number()
          .int()
          .positive()
          .nullable()
          .describe("What the plan has in a month; null where nothing is billed."),
        days: z.array(z.object({ day: z.iso.date(), count: z.number().int().nonnegative() })),
      })
      .describe(
        "What is billed as executions, runs plus steps, since the first of the month in UTC.",
      ),
  })
  .meta({ id: "CronEngine" });
export type CronEngine = z.infer<typeof cronEngineSchema>;

/** How the jobs did in each hour of the last eight days; hours without a run are left out. */
export const cronWeekSchema = z
  .object({
    from: instantSchema,
    hours: z.number().int().positive(),
    jobs: z.array(
      z.object({
        name: z.string(),
        hours: z.array(
          z.object({
            hour: z.number().int().nonnegative().describe("From 0, after `from`."),
            succeeded: z.number().int().nonnegative(),
            failed: z.number().int().nonnegative().describe("Failed or lost."),
            skipped: z.number().int().nonnegative(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "CronWeek" });
export type CronWeek = z.infer<typeof cronWeekSchema>;

const byJobId = z.object({ jobId: idSchema.describe("As `enqueue` gave it.") });
const byName = z.object({ name: textSchema.normalize("NFC").min(1).max(200) });

export const crons = {
  engine: {
    about: "What runs the jobs, whether it calls this app, and what that costs.",
    output: cronEngineSchema,
  },
  week: {
    about:
      "How the jobs did in each hour of the last eight days; hours without a run are left out.",
    output: cronWeekSchema,
  },
  list: {
    about: "Every job, with its schedule and how it went lately.",
    output: z.object({ items: z.array(cronJobSchema) }),
  },
  runs: {
    about: "The runs of a job, newest first.",
    errors: ["NOT_FOUND"],
    input: pageInputSchema.extend(byName.shape),
    output: pageOf(cronRunSchema),
  },
  run: {
    about: "One run with its log.",
    errors: ["NOT_FOUND"],
    input: z.object({ runId: idSchema }),
    output: cronRunDetailSchema,
  },
  trigger: {
    about: "Runs a job now.",
    errors: ["NOT_FOUND", "CONFLICT", "UPSTREAM_UNAVAILABLE"],
    input: byName,
    output: z.object({ runId: idSchema }),
  },
  pause: {
    about: "Lets a job's slots pass as skipped.",
    errors: ["NOT_FOUND"],
    input: byName,
    output: z.object({ paused: z.literal(true) }),
  },
  resume: {
    about: "Lets a paused job run again from its next slot on.",
    errors: ["NOT_FOUND"],
    input: byName,
    output: z.object({ paused: z.literal(false) }),
  },
  queue: {
    about:
      "Jobs that were asked for one by one: those that wait or run, the soonest first, or those of the last days that are over, newest first.",
    input: pageInputSchema.extend({
      over: z.boolean().default(false).describe("What is over, in place of what waits or runs."),
    }),
    output: pageOf(queuedJobSchema),
  },
  queuedJob: {
    about: "One of them, with what it was given, its steps and its log.",
    errors: ["NOT_FOUND"],
    input: byJobId,
    output: queuedJobDetailSchema,
  },
  cancel: {
    about: "Takes back a job that was asked for, while it waits.",
    errors: ["NOT_FOUND", "CONFLICT"],
    input: byJobId,
    output: z.object({ cancelled: z.literal(true).describe("It will not run.") }),
  },
} satisfies ContractEntries;
