import type { JobContext, Services } from "../../context";
import { markLostRuns } from "./mark-lost-runs";
import { queuedJobDays } from "./queue-limits";

const runsKeptPerJob = 500;
/** So many more, and there is something to purge. */
const slackRuns = 50;
const batchRows = 5_000;

/** Keeps the newest 500 runs of each job, also of those that are no longer in the code, and ends runs of dead workers. */
export async function purgeHistory(
  ctx: JobContext,
): Promise<{ deleted: number; lost: number; queuedJobs: number; steps: number }> {
  const lost = await markLostRuns(ctx);
  const jobs = await ctx.db.cronRun.groupBy({ by: ["job"] });
  let deleted = 0;
  for (const { job } of jobs) {
    const oldestKept = await ctx.db.cronRun.findFirst({
      where: { job },
      orderBy: { slot: "desc" },
      skip: runsKeptPerJob - 1,
      select: { slot: true },
    });
    if (oldestKept) deleted += await purgeJob(ctx, job, oldestKept.slot);
  }
  const before = new Date(ctx.clock.now().getTime() - queuedJobDays * 86_400_000);
  const { count: queuedJobs } = await ctx.db.queuedJob.deleteMany({
    where: { finishedAt: { lt: before } },
  });
  return { deleted, lost, queuedJobs, steps: await purgeSteps(ctx) };
}

/** Now where a job has more runs than are kept, or a run's worker died, else null. */
export async function nextPurgeAt(ctx: Pick<Services, "db" | "clock">): Promise<Date | null> {
  const now = ctx.clock.now();
  const [crowded, dead] = await Promise.all([
    ctx.db.cronRun.groupBy({
      by: ["job"],
      having: { job: { _count: { gt: runsKeptPerJob + slackRuns } } },
    }),
    ctx.db.cronRun.findFirst({
      where: { status: "running", leaseExpiresAt: { lt: now } },
      select: { id: true },
    }),
  ]);
  return crowded.length > 0 || dead ? now : null;
}

/** A step goes with its run. */
async function purgeSteps(ctx: JobContext): Promise<number> {
  const { rowCount } = await ctx.pool.query(
    `DELETE FROM "CronStep" s WHERE NOT EXISTS (SELECT FROM "CronRun" r WHERE r."id" = s."runId")
       AND NOT EXISTS (SELECT FROM "QueuedJob" j WHERE j."id" = s."runId")`,
  );
  return rowCount ?? 0;
}

async function purgeJob(ctx: JobContext, job: string, before: Date): Promise<number> {
  let deleted = 0;
  for (let rows = batchRows; rows === batchRows && !ctx.signal.aborted; deleted += rows) {
    const { rowCount } = await ctx.pool.query(
      `DELETE FROM "CronRun" WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM "CronRun" WHERE "job" = $1 AND "slot" < $2 AND "status" <> 'running'
         ORDER BY "slot" LIMIT ${batchRows} FOR UPDATE SKIP LOCKED))`,
      [job, before],
    );
    rows = rowCount ?? 0;
  }
  return deleted;
}
