import type { Services } from "../../context";
import type { Transaction } from "../../ground/transaction";

/**
 * Takes back a job that was asked for, in the caller's own transaction.
 * @returns false when it has begun, is over, or never was
 */
export async function cancelJob(
  ctx: Pick<Services, "clock">,
  tx: Transaction,
  jobId: string,
): Promise<{ cancelled: boolean }> {
  const { rows } = await tx.query(
    `UPDATE "QueuedJob" SET "status" = 'cancelled', "finishedAt" = $2::timestamptz
     WHERE "id" = $1 AND "status" = 'queued' RETURNING "id"`,
    [jobId, ctx.clock.now().toISOString()],
  );
  return { cancelled: rows.length === 1 };
}
