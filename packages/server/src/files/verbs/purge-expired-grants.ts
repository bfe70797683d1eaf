import type { JobContext, Services } from "../../context";
import { type PurgedFiles, purgeFiles } from "../rows/purge-files";

/** Deletes upload URLs that nobody used in time, and gives back what they reserved. */
export function purgeExpiredGrants(ctx: JobContext): Promise<PurgedFiles> {
  return purgeFiles(
    ctx,
    `SELECT f.ctid FROM "File" f
     WHERE f."grantExpiresAt" < $1
       AND (f."status" = 'pending' OR (f."status" = 'receiving' AND f."claimExpiresAt" < $1))
     ORDER BY f."grantExpiresAt"`,
    ctx.clock.now(),
  );
}

/** When the next upload URL that nobody has used runs out; null while there is none. */
export async function nextGrantExpiryAt(ctx: Pick<Services, "db">): Promise<Date | null> {
  const { _min } = await ctx.db.file.aggregate({
    where: { status: { in: ["pending", "receiving"] } },
    _min: { grantExpiresAt: true },
  });
  return _min.grantExpiresAt;
}
