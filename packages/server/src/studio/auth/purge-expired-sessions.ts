import type { JobContext } from "../../context";
import { deleteInBatches } from "../../ground/delete-in-batches";
import { purgeRateLimits } from "../../limits/purge-rate-limits";

const batchRows = 5_000;

/** Deletes sessions, tokens, invitations and counted attempts that are over. They open nothing any more; this only keeps the tables small. */
export async function purgeExpiredSessions(
  ctx: Pick<JobContext, "pool" | "clock" | "signal" | "log">,
): Promise<{ sessions: number; invitations: number; limits: number }> {
  const before = ctx.clock.now();
  const sessions = await deleteInBatches(ctx, { table: "Session", before, batchRows });
  const invitations = await deleteInBatches(ctx, { table: "Invitation", before, batchRows });
  return {
    sessions: sessions.deleted,
    invitations: invitations.deleted,
    limits: await purgeRateLimits(ctx),
  };
}
