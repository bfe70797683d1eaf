import { crons } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure } from "../trpc";
import { getCronRun } from "./get-cron-run";
import { listCronJobs } from "./list-cron-jobs";
import { listCronRuns } from "./list-cron-runs";
import { pauseCronJob } from "./pause-cron-job";
import { resumeCronJob } from "./resume-cron-job";
import { triggerCronJob } from "./trigger-cron-job";

export const cronsRouter = {
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
} satisfies TRPCRouterRecord;
