import type { QueueJob, Services } from "../../context";
import { tellOfQueuedFailure } from "../alerts/tell-of-queued-failure";
import { type Execution, executeRun } from "../engine/execute-run";
import { LEASE_SECONDS, secondsAfter } from "../ledger/claim-run";
import { queueBook } from "../ledger/run-books";
import { endDeadJobs } from "./end-dead-jobs";

/** Engines may deliver a moment early. */
const EARLY_SECONDS = 1;

export type QueuedOutcome =
  | Execution
  | { status: "ignored"; reason: string }
  | { status: "elsewhere"; reason: string; retryAfterSeconds: number };

/**
 * Runs a job of the queue, if it is due and nobody else does: its row is taken by one process, however often engines
 * deliver. A call that an engine repeats, since its answer was lost or its worker died, gives what the row says.
 */
export async function runQueuedJob(
  ctx: Services,
  job: QueueJob,
  call: { jobId: string; engineRunId: string; isLastAttempt: boolean },
  stopping?: AbortSignal,
): Promise<QueuedOutcome> {
  const { jobId, engineRunId } = call;
  const now = ctx.clock.now();
  const [row] = await ctx.db.queuedJob.updateManyAndReturn({
    where: { id: jobId, status: "queued", runAt: { lte: secondsAfter(now, EARLY_SECONDS) } },
    data: {
      status: "running",
      startedAt: now,
      leaseExpiresAt: secondsAfter(now, LEASE_SECONDS),
      engineRunId,
    },
  });
  if (!row) return recall(ctx, call);
  const outcome = await executeRun(
    ctx,
    {
      job,
      runId: jobId,
      attempt: row.attempt,
      book: queueBook,
      asked: row,
      run: async (context) => job.run(context, job.readInput(row.input)),
    },
    stopping,
  );
  if (outcome.status === "suspended")
    await ctx.jobs.runQueued([{ slug: job.slug, jobId, runAt: outcome.until }]);
  if (outcome.status === "failed") await tellOfQueuedFailure(ctx, job, outcome);
  return outcome;
}

async function recall(
  ctx: Services,
  call: { jobId: string; engineRunId: string; isLastAttempt: boolean },
): Promise<QueuedOutcome> {
  const { jobId, engineRunId, isLastAttempt } = call;
  await endDeadJobs(ctx, jobId);
  const row = await ctx.db.queuedJob.findUnique({ where: { id: jobId } });
  if (row?.engineRunId !== engineRunId)
    return { status: "ignored", reason: "Another call has it, or it was taken back." };
  switch (row.status) {
    case "succeeded":
      return { status: "succeeded", runId: jobId };
    case "failed":
    case "lost":
      return { status: "failed", runId: jobId, error: row.error ?? "" };
    case "running": {
      const reason = "It was begun by an earlier call and has not ended.";
      const leaseMs = (row.leaseExpiresAt?.getTime() ?? 0) - ctx.clock.now().getTime();
      if (isLastAttempt) return { status: "ignored", reason };
      return { status: "elsewhere", reason, retryAfterSeconds: Math.ceil(leaseMs / 1000) + 1 };
    }
    default:
      return { status: "ignored", reason: `It is ${row.status}.` };
  }
}
