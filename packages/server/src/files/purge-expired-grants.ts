import type { JobContext } from "../context";

const batchRows = 500;

/** Deletes upload URLs that nobody used in time, and gives back what they reserved. */
export async function purgeExpiredGrants(ctx: JobContext): Promise<{ purged: number }> {
  let purged = 0;
  for (let rows = batchRows; rows === batchRows && !ctx.signal.aborted; purged += rows) {
    const { rowCount } = await ctx.pool.query(
      `DELETE FROM "File" WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM "File"
         WHERE "grantExpiresAt" < $1
           AND ("status" = 'pending' OR ("status" = 'receiving' AND "claimExpiresAt" < $1))
         ORDER BY "grantExpiresAt" LIMIT ${batchRows} FOR UPDATE SKIP LOCKED))`,
      [ctx.clock.now()],
    );
    rows = rowCount ?? 0;
  }
  return { purged };
}
