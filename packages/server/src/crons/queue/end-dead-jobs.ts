import type { Services } from "../../context";
import { tellOfQueuedFailure } from "../alerts/tell-of-queued-failure";

const LOST = "The worker gave no sign of life until its lease ran out.";

/** Jobs whose worker died end as lost; those that may be tried again are, from after the last step that was through. */
export async function endDeadJobs(ctx: Services, jobId?: string): Promise<void> {
  const now = ctx.clock.now();
  const dead = await ctx.db.queuedJob.findMany({
    where: {
      ...(jobId !== undefined && { id: jobId }),
      status: "running",
      leaseExpiresAt: { lt: now },
    },
    select: { id: true, job: true, attempt: true },
  });
  for (const { id, job: name, attempt } of dead) {
    const job = ctx.crons.queued.find((one) => one.name === name);
    const isTriedAgain = job !== undefined && attempt <= job.retries;
    const { count } = await ctx.db.queuedJob.updateMany({
      where: { id, status: "running", attempt, leaseExpiresAt: { lt: now } },
      data: isTriedAgain
        ? { status: "queued", runAt: now, attempt: attempt + 1, error: LOST }
        : { status: "lost", finishedAt: now, error: LOST },
    });
    if (count === 0 || isTriedAgain) continue;
    ctx.log.error({ job: name, runId: id }, "a queued job was lost");
    await job
      ?.onFailure?.(ctx, { runId: id, attempt, error: LOST })
      .catch((err: unknown) =>
        ctx.log.error({ err, job: name, runId: id }, "onFailure of a job failed itself"),
      );
    await tellOfQueuedFailure(ctx, { name }, { runId: id, error: LOST });
  }
}
