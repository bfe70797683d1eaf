import { crons } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure } from "../trpc";
import { cancelQueuedJob } from "./verbs/cancel-queued-job";
import { getCronEngine } from "./verbs/get-cron-engine";
import { getCronRun } from "./verbs/get-cron-run";
import { getCronWeek } from "./verbs/get-cron-week";
import { getQueuedJob } from "./verbs/get-queued-job";
import { listCronJobs } from "./verbs/list-cron-jobs";
import { listCronRuns } from "./verbs/list-cron-runs";
import { listQueuedJobs } from "./verbs/list-queued-jobs";
import { pauseCronJob } from "./verbs/pause-cron-job";
import { resumeCronJob } from "./verbs/resume-cron-job";
import { triggerCronJob } from "./verbs/trigger-cron-job";

export const cronsRouter = {
  engine: adminProcedure.output(crons.engine.output).query(({ ctx }) => getCronEngine(ctx)),
  week: adminProcedure.output(crons.week.output).query(({ ctx }) => getCronWeek(ctx)),
  list: adminProcedure.output(crons.list.output).query(({ ctx }) => listCronJobs(ctx)),
  runs: adminProcedure
    .input(crons.runs.input)
    .output(crons.runs.output)
    .query(({ ctx, input }) => listCronRuns(ctx, input)),
  run: adminProcedure
    .input(crons.run.input)
    .output(crons.run.output)
    .query(({ ctx, input }) => getCronRun(ctx, input)),
  trigger: adminProcedure
    .input(crons.trigger.input)
    .output(crons.trigger.output)
    .mutation(({ ctx, input }) => triggerCronJob(ctx, input)),
  pause: adminProcedure
    .input(crons.pause.input)
    .output(crons.pause.output)
    .mutation(({ ctx, input }) => pauseCronJob(ctx, input)),
  resume: adminProcedure
    .input(crons.resume.input)
    .output(crons.resume.output)
    .mutation(({ ctx, input }) => resumeCronJob(ctx, input)),
  queue: adminProcedure
    .input(crons.queue.input)
    .output(crons.queue.output)
    .query(({ ctx, input }) => listQueuedJobs(ctx, input)),
  queuedJob: adminProcedure
    .input(crons.queuedJob.input)
    .output(crons.queuedJob.output)
    .query(({ ctx, input }) => getQueuedJob(ctx, input)),
  cancel: adminProcedure
    .input(crons.cancel.input)
    .output(crons.cancel.output)
    .mutation(({ ctx, input }) => cancelQueuedJob(ctx, input)),
} satisfies TRPCRouterRecord;
