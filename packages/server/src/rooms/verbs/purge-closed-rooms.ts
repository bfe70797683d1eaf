import type { JobContext } from "../../context";
import { deleteInBatches } from "../../ground/delete-in-batches";

/** Rooms stay this long after their time is up, for the console's look back. Closed ones have a time, too. */
const keepSeconds = 24 * 3600;
/** Small: each room takes its peers and messages along. */
const batchRows = 200;

/** Deletes rooms whose time was up a day ago, with their peers and messages, whether anyone was ever in them or not. */
export function purgeClosedRooms(
  ctx: Pick<JobContext, "pool" | "clock" | "signal" | "log">,
): Promise<{ deleted: number; batches: number }> {
  const before = new Date(ctx.clock.now().getTime() - keepSeconds * 1000);
  return deleteInBatches(ctx, { table: "Room", before, batchRows });
}
