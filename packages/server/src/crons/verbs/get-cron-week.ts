import type { CronWeek } from "@fermata/contract";
import type { Services } from "../../context";

const HOUR_MS = 3_600_000;
/** So that seven whole days are among them, wherever on earth days begin. */
const HOURS = 8 * 24;

interface HourRow {
  job: string;
  hour: number;
  succeeded: number;
  failed: number;
  skipped: number;
}

/** How each job did in each hour of the last eight days, as far as the ledger keeps its runs. */
export async function getCronWeek(ctx: Services): Promise<CronWeek> {
  const nowMs = ctx.clock.now().getTime();
  const from = new Date((Math.floor(nowMs / HOUR_MS) - HOURS + 1) * HOUR_MS);
  const names = ctx.crons.jobs.map(({ name }) => name);
  const rows = await ctx.db.$queryRaw<HourRow[]>`
    SELECT "job", floor(extract(epoch FROM "slot" - ${from}::timestamptz) / 3600)::int AS "hour",
      count(*) FILTER (WHERE "status" = 'succeeded')::int AS "succeeded",
      count(*) FILTER (WHERE "status" IN ('failed', 'lost'))::int AS "failed",
      count(*) FILTER (WHERE "status" = 'skipped')::int AS "skipped"
    FROM "CronRun" WHERE "job" = ANY(${names}::text[]) AND "slot" >= ${from}::timestamptz
      AND "slot" < ${new Date(from.getTime() + HOURS * HOUR_MS)}::timestamptz AND "status" <> 'running'
    GROUP BY 1, 2 ORDER BY 1, 2`;
  const hoursOf = new Map(names.map((name): [string, Omit<HourRow, "job">[]] => [name, []]));
  for (const { job, ...hour } of rows) hoursOf.get(job)?.push(hour);
  return {
    from: from.toISOString(),
    hours: HOURS,
    jobs: names.map((name) => ({ name, hours: hoursOf.get(name) ?? [] })),
  };
}
