import type { QueuedJobDetail } from "@fermata/contract";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { readTrace } from "../ledger/read-trace";
import { toQueuedJob } from "../queue/queued-job-view";

/** A job that was asked for, with what it was given, its steps and its log. @throws AppError NOT_FOUND */
export async function getQueuedJob(
  ctx: Services,
  { jobId }: { jobId: string },
): Promise<QueuedJobDetail> {
  const row = await ctx.db.queuedJob.findUnique({ where: { id: jobId } });
  if (!row) throw new AppError("NOT_FOUND", { jobId });
  return {
    ...toQueuedJob(ctx, row),
    input: row.input,
    result: row.result,
    ...(await readTrace(ctx, row)),
  };
}
