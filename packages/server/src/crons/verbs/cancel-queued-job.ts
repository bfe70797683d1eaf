import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { fromPg } from "../../ground/transaction";
import { cancelJob } from "../queue/cancel-job";

/** Takes back a job that waits. @throws AppError NOT_FOUND, CONFLICT once it has begun or is over */
export async function cancelQueuedJob(
  ctx: Services,
  { jobId }: { jobId: string },
): Promise<{ cancelled: true }> {
  const { cancelled } = await cancelJob(ctx, fromPg(ctx.pool), jobId);
  if (cancelled) return { cancelled };
  const row = await ctx.db.queuedJob.findUnique({
    where: { id: jobId },
    select: { status: true },
  });
  if (!row) throw new AppError("NOT_FOUND", { jobId });
  const reason = row.status === "running" ? "It runs already." : "It is over.";
  throw new AppError("CONFLICT", { jobId, status: row.status }, reason);
}
