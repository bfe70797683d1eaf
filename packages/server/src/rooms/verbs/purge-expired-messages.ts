import { limits } from "@fermata/contract";
import type { JobContext } from "../../context";
import { deleteInBatches } from "../../ground/delete-in-batches";

/** Deletes messages older than `limits.signaling.messageSeconds`. */
export function purgeExpiredMessages(
  ctx: Pick<JobContext, "pool" | "clock" | "signal" | "log">,
  options: { batchRows?: number } = {},
): Promise<{ deleted: number; batches: number }> {
  const { batchRows = 5_000 } = options;
  const before = new Date(ctx.clock.now().getTime() - limits.signaling.messageSeconds * 1000);
  return deleteInBatches(ctx, { table: "Message", before, batchRows });
}
