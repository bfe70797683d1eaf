import type { JobContext } from "../../context";
import { markLostRuns } from "./mark-lost-runs";

const runsKeptPerJob = 500;
const batchRows = 5_000;

/** Keeps the newest 500 runs of each job, also of those that are no longer in the code, and ends runs of dead workers. */
export async function purgeHistory(ctx: JobContext): Promise<{ deleted: number; lost: number }> {
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
  return { deleted, lost };
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
