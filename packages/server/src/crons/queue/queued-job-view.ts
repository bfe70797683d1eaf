import type { QueuedJob } from "@fermata/contract";
import type { Services } from "../../context";
import type { QueuedJob as QueuedJobRow } from "../../generated/prisma/client";

/** A row without what only its own page shows. */
export const withoutDetail = { input: true, result: true, log: true, engineRunId: true } as const;

export function toQueuedJob(
  ctx: Pick<Services, "crons">,
  row: Omit<QueuedJobRow, keyof typeof withoutDetail>,
): QueuedJob {
  const job = ctx.crons.queued.find(({ name }) => name === row.job);
  return {
    jobId: row.id,
    name: row.job,
    status: row.status,
    attempt: row.attempt,
    attempts: job ? job.retries + 1 : null,
    createdAt: row.createdAt.toISOString(),
    runAt: row.runAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    error: row.error,
  };
}
