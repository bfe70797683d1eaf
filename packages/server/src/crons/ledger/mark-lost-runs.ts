import type { Services } from "../../context";

/** Runs whose worker died have an expired lease: they end as lost, so that the next one may begin. */
export async function markLostRuns(ctx: Services, job?: string): Promise<number> {
  const now = ctx.clock.now();
  const { count } = await ctx.db.cronRun.updateMany({
    where: { ...(job !== undefined && { job }), status: "running", leaseExpiresAt: { lt: now } },
    data: {
      status: "lost",
      finishedAt: now,
      error: "The worker gave no sign of life until its lease ran out.",
    },
  });
  return count;
}
