import type { JobContext } from "../../context";
import { deleteInBatches } from "../../ground/delete-in-batches";

/** What was minted stays countable for a week. */
const keepSeconds = 7 * 24 * 3600;

/** Deletes the records of credentials that expired a week ago. */
export function purgeTurnGrants(
  ctx: Pick<JobContext, "pool" | "clock" | "signal" | "log">,
): Promise<{ deleted: number; batches: number }> {
  const before = new Date(ctx.clock.now().getTime() - keepSeconds * 1000);
  return deleteInBatches(ctx, { table: "TurnGrant", before, batchRows: 5_000 });
}
