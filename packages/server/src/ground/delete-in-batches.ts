import { setTimeout as sleep } from "node:timers/promises";
import type { JobContext } from "../context";

const instants = {
  Message: "sentAt",
  Room: "expiresAt",
  TurnGrant: "expiresAt",
  Session: "expiresAt",
  Invitation: "expiresAt",
  RoomSample: "at",
  KnownNetwork: "lastUsedAt",
  AuditEvent: "createdAt",
} as const;

const DEADLOCK = "40P01";
/** After as many deadlocks in a row something else is wrong, and the job is to say so. */
const attempts = { most: 5, pauseMs: 50 };

/**
 * Deletes the rows of a table whose instant lies before another, the oldest first. Stops between two batches when the
 * job's time is up; the next run goes on. Rows of one instant go together, so a batch may be somewhat larger.
 */
export async function deleteInBatches(
  ctx: Pick<JobContext, "pool" | "signal" | "log">,
  input: { table: keyof typeof instants; before: Date; batchRows: number },
): Promise<{ deleted: number; batches: number }> {
  const { table, before } = input;
  let after: Date | string = "-infinity";
  let deleted = 0;
  let batches = 0;
  while (!ctx.signal.aborted) {
    // A range of the index is as cheap to delete as all of it at once: nothing is looked up by row, none is locked first,
    // and what is deleted already is not walked over again.
    const until = await findBatchEnd(ctx, { ...input, after });
    const rowCount = await deleteRange(ctx, table, after, until ?? before, until === undefined);
    // Two runs beside each other may find that the other one was faster.
    if (rowCount > 0) {
      deleted += rowCount;
      batches++;
      ctx.log.info({ table, rows: rowCount }, "deleted a batch");
    }
    if (until === undefined) break;
    after = until;
  }
  return { deleted, batches };
}

/** The instant of the last row of the next batch; undefined where fewer rows are left. */
async function findBatchEnd(
  ctx: Pick<JobContext, "pool">,
  input: Parameters<typeof deleteInBatches>[1] & { after: Date | string },
): Promise<Date | undefined> {
  const instant = `"${instants[input.table]}"`;
  const { rows } = await ctx.pool.query<{ until: Date }>({
    name: `batch-end-${input.table}`,
    text: `SELECT ${instant} AS until FROM "${input.table}" WHERE ${instant} > $1 AND ${instant} < $2
      ORDER BY ${instant} OFFSET $3::int - 1 LIMIT 1`,
    values: [input.after, input.before, input.batchRows],
  });
  return rows[0]?.until;
}

/** @throws the last deadlock, when there were too many in a row or the job's time is up */
async function deleteRange(
  ctx: Pick<JobContext, "pool" | "signal">,
  table: keyof typeof instants,
  after: Date | string,
  until: Date,
  exclusive: boolean,
): Promise<number> {
  const instant = `"${instants[table]}"`;
  const text = `DELETE FROM "${table}" WHERE ${instant} > $1 AND ${instant} ${exclusive ? "<" : "<="} $2`;
  const name = `delete-range-${table}-${exclusive}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const { rowCount } = await ctx.pool.query({ name, text, values: [after, until] });
      return rowCount ?? 0;
    } catch (error) {
      // A purge of rooms deletes their messages in another order; whichever was told to give way begins again.
      if ((error as { code?: string }).code !== DEADLOCK) throw error;
      if (attempt === attempts.most || ctx.signal.aborted) throw error;
      await sleep(attempts.pauseMs * attempt * Math.random());
    }
  }
}
