import type { Services } from "../../context";
import { newId } from "../../ground/secrets";
import { PAUSED_REASON } from "../ledger/claim-run";
import { findCronJob } from "../ledger/find-cron-job";
import { slotAt } from "../next-slots";

/** Lets a job's schedule go on with its next slot. @throws AppError NOT_FOUND */
export async function resumeCronJob(
  ctx: Services,
  { name }: { name: string },
): Promise<{ paused: false }> {
  const job = findCronJob(ctx, name);
  const now = ctx.clock.now();
  const row = await ctx.db.cronJob.findUnique({ where: { name: job.name } });
  const lastSlot = slotAt(job.planned, now);
  // The last slot of the pause is written down as skipped; otherwise it would be made up for as a missed one.
  if (row?.pausedAt && lastSlot > row.pausedAt) {
    const skipped = {
      id: newId(),
      job: job.name,
      slot: lastSlot,
      trigger: "schedule",
      status: "skipped",
      startedAt: now,
      finishedAt: now,
      leaseExpiresAt: now,
      error: PAUSED_REASON,
    } as const;
    await ctx.db.cronRun.createMany({ data: [skipped], skipDuplicates: true });
  }
  await ctx.db.cronJob.updateMany({
    where: { name: job.name },
    data: { pausedAt: null, pausedBy: null },
  });
  return { paused: false };
}
