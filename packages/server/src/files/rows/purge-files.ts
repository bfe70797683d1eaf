import type { JobContext } from "../../context";

const batchRows = 250;

export interface PurgedFiles {
  purged: number;
  /** What they held or reserved. */
  bytes: number;
}

/**
 * Deletes the files that a query finds, in short batches, so that no lock is held for long. Rows that somebody holds are
 * passed over: the next run finds them.
 * @param found `SELECT f.ctid FROM "File" f WHERE … ORDER BY …`; `$1` is the instant
 */
export async function purgeFiles(ctx: JobContext, found: string, at: Date): Promise<PurgedFiles> {
  const total = { purged: 0, bytes: 0 };
  for (let taken = batchRows; taken === batchRows && !ctx.signal.aborted; ) {
    const { rows } = await ctx.pool.query<{ purged: number; bytes: string }>(
      `WITH gone AS (
         DELETE FROM "File" WHERE ctid = ANY(ARRAY(${found} LIMIT ${batchRows} FOR UPDATE OF f SKIP LOCKED))
         RETURNING "sizeBytes")
       SELECT count(*)::int AS purged, coalesce(sum("sizeBytes"), 0) AS bytes FROM gone`,
      [at],
    );
    taken = rows[0]?.purged ?? 0;
    total.purged += taken;
    total.bytes += Number(rows[0]?.bytes ?? 0);
    if (taken > 0) ctx.log.info({ files: taken, bytes: rows[0]?.bytes }, "deleted a batch");
  }
  return total;
}
