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

export const cronRunDetailSchema = cronRunSchema.extend({
  name: z.string(),
  /** What the job logged, oldest first: at most 200 lines and 64 KiB, the newest. */
  log: z.array(cronLogLineSchema),
  droppedLogLines: z.number().int().nonnegative(),
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

const byName = z.object({ name: textSchema.normalize("NFC").min(1).max(200) });

export const crons = {
  list: { output: z.object({ items: z.array(cronJobSchema) }) },
  runs: { input: pageInputSchema.extend(byName.shape), output: pageOf(cronRunSchema) },
  run: { input: z.object({ runId: idSchema }), output: cronRunDetailSchema },
  trigger: { input: byName, output: z.object({ runId: idSchema }) },
  pause: { input: byName, output: z.object({ paused: z.literal(true) }) },
  resume: { input: byName, output: z.object({ paused: z.literal(false) }) },
};
