import type { JobContext } from "../context";

const instants = {
  Message: "sentAt",
  Room: "expiresAt",
  TurnGrant: "expiresAt",
  Session: "expiresAt",
  Invitation: "expiresAt",
} as const;

/**
 * Deletes the rows of a table whose instant lies before another, the oldest first. Stops between two batches when the
 * job's time is up; the next run goes on.
 */
export async function deleteInBatches(
  ctx: Pick<JobContext, "pool" | "signal" | "log">,
  input: { table: keyof typeof instants; before: Date; batchRows: number },
): Promise<{ deleted: number; batches: number }> {
  const { table, before, batchRows } = input;
  const instant = `"${instants[table]}"`;
  let deleted = 0;
  let batches = 0;
  while (!ctx.signal.aborted) {
    // Rows that another run is deleting are skipped, so that two runs share the work instead of waiting for each other.
    const { rowCount } = await ctx.pool.query(
      `DELETE FROM "${table}" WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM "${table}" WHERE ${instant} < $1 ORDER BY ${instant} LIMIT $2
         FOR UPDATE SKIP LOCKED))`,
      [before, batchRows],
    );
    if (!rowCount) break;
    deleted += rowCount;
    batches++;
    ctx.log.info({ table, rows: rowCount }, "deleted a batch");
    if (rowCount < batchRows) break;
  }
  return { deleted, batches };
}
