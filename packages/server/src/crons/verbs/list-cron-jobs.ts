import type { crons } from "@fermata/contract";
import type { z } from "zod";
import type { CronJob, Services } from "../../context";
import type { CronRun } from "../../generated/prisma/client";
import { statusOf, toCronRun, withoutDetail } from "../ledger/cron-run-view";
import { nextSlots } from "../next-slots";

const recentRuns = 50;
const SLOTS_AHEAD = 5;

/** Without results: fifty of them could be 3 MB. */
type RecentRun = Pick<
  CronRun,
  "id" | "job" | "slot" | "status" | "leaseExpiresAt" | "startedAt" | "finishedAt"
>;

/** Every job in the code, with what an operator decided about it and how it went of late. */
export async function listCronJobs(ctx: Services): Promise<z.infer<typeof crons.list.output>> {
  const [paused, recent] = await Promise.all([
    ctx.db.cronJob.findMany({ where: { pausedAt: { not: null } } }),
    readRecentRuns(ctx),
  ]);
  const runsOf = new Map(ctx.crons.jobs.map(({ name }): [string, RecentRun[]] => [name, []]));
  for (const run of recent) runsOf.get(run.job)?.push(run);
  const newestIds = [...runsOf.values()].flatMap(([newest]) => (newest ? [newest.id] : []));
  const lastRuns = await ctx.db.cronRun.findMany({
    where: { id: { in: newestIds } },
    omit: withoutDetail,
  });

  const now = ctx.clock.now();
  const items = ctx.crons.jobs.map((job) => {
    const isPaused = paused.some(({ name }) => name === job.name);
    const lastRun = lastRuns.find((run) => run.job === job.name);
    return {
      ...describeJob(ctx, job, isPaused, now),
      lastRun: lastRun ? toCronRun(lastRun, now) : null,
      recentRuns: (runsOf.get(job.name) ?? []).reverse().map((run) => ({
        runId: run.id,
        slot: run.slot.toISOString(),
        status: statusOf(run, now),
        durationMs: run.finishedAt && run.finishedAt.getTime() - run.startedAt.getTime(),
      })),
    };
  });
  return { items };
}

/** Newest first within each job. */
function readRecentRuns(ctx: Services): Promise<RecentRun[]> {
  const names = ctx.crons.jobs.map(({ name }) => name);
  return ctx.db.$queryRaw<RecentRun[]>`
    SELECT r.* FROM unnest(${names}::text[]) AS j(name) CROSS JOIN LATERAL (
      SELECT "id", "job", "slot", "status"::text, "leaseExpiresAt", "startedAt", "finishedAt"
      FROM "CronRun" WHERE "job" = j.name ORDER BY "slot" DESC LIMIT ${recentRuns}::int) r
    ORDER BY r."job", r."slot" DESC`;
}

function describeJob(ctx: Services, job: CronJob, paused: boolean, now: Date) {
  const disabledReason = job.disabledReason(ctx);
  const isOff = paused || disabledReason !== null;
  const slots = isOff ? [] : nextSlots(job.planned, now, SLOTS_AHEAD);
  return {
    name: job.name,
    description: job.description,
    schedule: job.schedule.written,
    scheduleText: job.schedule.inWords,
    nextRunAt: slots[0]?.toISOString() ?? null,
    nextSlots: slots.map((slot) => slot.toISOString()),
    retries: job.retries,
    timeoutSeconds: job.timeoutSeconds,
    paused,
    disabledReason,
  };
}
