import type { Services } from "../../context";
import { tellOfRuns } from "../alerts/tell-of-runs";

/** Runs whose worker died have an expired lease: they end as lost, so that the next one may begin. */
export async function markLostRuns(ctx: Services, job?: string): Promise<number> {
  const now = ctx.clock.now();
  const lost = await ctx.db.cronRun.updateManyAndReturn({
    where: { ...(job !== undefined && { job }), status: "running", leaseExpiresAt: { lt: now } },
    data: {
      status: "lost",
      finishedAt: now,
      error: "The worker gave no sign of life until its lease ran out.",
    },
    select: { job: true },
  });
  for (const name of new Set(lost.map((run) => run.job))) {
    const declared = ctx.crons.find(name);
    if (declared) await tellOfRuns(ctx, declared);
  }
  return lost.length;
}
