import { z } from "zod";
import { idSchema, instantSchema, pageInputSchema, pageOf, textSchema } from "./common";

export const runStatusSchema = z.enum(["running", "succeeded", "failed", "skipped", "lost"]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const cronRunSchema = z.object({
  runId: idSchema,
  /** The instant that the run stands for: the scheduled one, or the moment somebody pressed the button. */
  slot: instantSchema,
  trigger: z.enum(["schedule", "manual"]),
  status: runStatusSchema,
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  // Optional in the type, as JSON has no undefined: a run without a result says null.
  result: z.unknown().optional(),
  error: z.string().nullable(),
  /** From 1: a job with `retries` tries again by itself. */
  attempt: z.number().int().positive(),
  /** Of a run that sleeps, or waits for its next attempt: until when. */
  waitsUntil: instantSchema.nullable(),
});
export type CronRun = z.infer<typeof cronRunSchema>;

export const cronLogLineSchema = z.object({
  at: instantSchema,
  level: z.enum(["debug", "info", "warn", "error"]),
  message: z.string(),
  /** The facts beside the message, as JSON. */
  details: z.string().nullable(),
});
export type CronLogLine = z.infer<typeof cronLogLineSchema>;

export const cronStepSchema = z.object({
  name: z.string(),
  /** How often it was begun. */
  attempt: z.number().int().positive(),
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  /** Of a sleep: when it is over. */
  wakeAt: instantSchema.nullable(),
  error: z.string().nullable(),
});
export type CronStep = z.infer<typeof cronStepSchema>;

export const cronRunDetailSchema = cronRunSchema.extend({
  name: z.string(),
  /** What the job logged, oldest first: at most 200 lines and 64 KiB, the newest. */
  log: z.array(cronLogLineSchema),
  droppedLogLines: z.number().int().nonnegative(),
  /** Its parts that stand in the ledger, in the order in which they began. */
  steps: z.array(cronStepSchema),
  /** Where the engine shows the run, if it does. */
  engineUrl: z.url().nullable(),
});
export type CronRunDetail = z.infer<typeof cronRunDetailSchema>;

export const cronJobSchema = z.object({
  name: z.string(),
  description: z.string(),
  /** As it was written: `every 1 hour`, `0 16 * * *`. */
  schedule: z.string(),
  /** The same in plain words. */
  scheduleText: z.string(),
  nextRunAt: instantSchema.nullable(),
  /** The next five slots, the first of them `nextRunAt`; none while it is paused or off. */
  nextSlots: z.array(instantSchema),
  /** How often a run that failed is tried again by itself. */
  retries: z.number().int().nonnegative(),
  timeoutSeconds: z.number().positive(),
  paused: z.boolean(),
  disabledReason: z.string().nullable(),
  lastRun: cronRunSchema.nullable(),
  /** The last 50 outcomes, oldest first. */
  recentRuns: z.array(
    z.object({
      runId: idSchema,
      slot: instantSchema,
      status: runStatusSchema,
      durationMs: z.number().nullable(),
    }),
  ),
});
export type CronJob = z.infer<typeof cronJobSchema>;

/** What runs the jobs, whether it calls this app, and what that costs. */
export const cronEngineSchema = z.object({
  engine: z.enum(["embedded", "inngest"]),
  /** What the app is called there. */
  appId: z.string(),
  /** `silent`: a job was due and not called for. `unknown`: it never called, nor was asked to. */
  state: z.enum(["calling", "silent", "unregistered", "unknown"]),
  registeredAt: instantSchema.nullable(),
  /** Why the app could not be registered, when that was tried last. */
  problem: z.string().nullable(),
  lastCalledAt: instantSchema.nullable(),
  /** The slot that was not called for. */
  silentSince: instantSchema.nullable(),
  dashboardUrl: z.url().nullable(),
  /** What is billed as executions, runs plus steps, since the first of the month in UTC. */
  executions: z.object({
    count: z.number().int().nonnegative(),
    /** What the month will come to if it goes on so; null in its first day. */
    projected: z.number().int().nonnegative().nullable(),
    /** What the plan has in a month; null where nothing is billed. */
    included: z.number().int().positive().nullable(),
    days: z.array(z.object({ day: z.iso.date(), count: z.number().int().nonnegative() })),
  }),
});
export type CronEngine = z.infer<typeof cronEngineSchema>;

/** How the jobs did in each hour of the last eight days; hours without a run are left out. */
export const cronWeekSchema = z.object({
  from: instantSchema,
  hours: z.number().int().positive(),
  jobs: z.array(
    z.object({
      name: z.string(),
      hours: z.array(
        z.object({
          /** From 0, after `from`. */
          hour: z.number().int().nonnegative(),
          succeeded: z.number().int().nonnegative(),
          /** Failed or lost. */
          failed: z.number().int().nonnegative(),
          skipped: z.number().int().nonnegative(),
        }),
      ),
    }),
  ),
});
export type CronWeek = z.infer<typeof cronWeekSchema>;

const byName = z.object({ name: textSchema.normalize("NFC").min(1).max(200) });

export const crons = {
  engine: { output: cronEngineSchema },
  week: { output: cronWeekSchema },
  list: { output: z.object({ items: z.array(cronJobSchema) }) },
  runs: { input: pageInputSchema.extend(byName.shape), output: pageOf(cronRunSchema) },
  run: { input: z.object({ runId: idSchema }), output: cronRunDetailSchema },
  trigger: { input: byName, output: z.object({ runId: idSchema }) },
  pause: { input: byName, output: z.object({ paused: z.literal(true) }) },
  resume: { input: byName, output: z.object({ paused: z.literal(false) }) },
};
