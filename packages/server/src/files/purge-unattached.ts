import { limits } from "@fermata/contract";
import type { JobContext } from "../context";
import { isUnowned } from "./file-owners";

const batchRows = 500;

/**
 * Deletes ready files that no row refers to, a day after the last one ceased to, or after the upload.
 * Short batches, so that no lock is held for long; rows that somebody is attaching are passed over.
 */
export async function purgeUnattached(ctx: JobContext): Promise<{ purged: number }> {
  const cutoff = new Date(ctx.clock.now().getTime() - limits.files.unattachedSeconds * 1000);
  let purged = 0;
  for (let rows = batchRows; rows === batchRows && !ctx.signal.aborted; purged += rows) {
    const { rowCount } = await ctx.pool.query(
      `DELETE FROM "File" WHERE ctid = ANY(ARRAY(
         SELECT f.ctid FROM "File" f
         WHERE f."status" = 'ready' AND f."readyAt" < $1
           AND coalesce(f."attachedAt", f."readyAt") < $1 AND coalesce(f."releasedAt", f."readyAt") < $1
           AND ${isUnowned()}
         ORDER BY f."readyAt" LIMIT ${batchRows} FOR UPDATE OF f SKIP LOCKED))`,
      [cutoff],
    );
    rows = rowCount ?? 0;
  }
  return { purged };
}
