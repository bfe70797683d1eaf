import type { QueueJob, Services } from "../../context";
import { tellOfJob } from "./tell-of-job";

const QUIET_MS = 3_600_000;

/** Tells the notifier that a job which was asked for failed for good: of a series of failures, of the first. */
export async function tellOfQueuedFailure(
  ctx: Services,
  job: Pick<QueueJob, "name">,
  { runId, error }: { runId: string; error: string },
): Promise<void> {
  if (!ctx.notifier) return;
  try {
    const since = new Date(ctx.clock.now().getTime() - QUIET_MS);
    const first = await ctx.db.queuedJob.findFirst({
      where: { job: job.name, status: { in: ["failed", "lost"] }, finishedAt: { gt: since } },
      orderBy: [{ finishedAt: "asc" }, { id: "asc" }],
      select: { id: true },
    });
    if (first?.id !== runId) return;
    await tellOfJob(ctx, job, {
      kind: "job.failing",
      severity: "error",
      title: `"${job.name}" failed`,
      text: `${error}\n\nFurther failures of it are told once it had none for an hour.`,
    });
  } catch (err) {
    ctx.log.error({ err, job: job.name }, "the alert about a failed job could not be sent");
  }
}
