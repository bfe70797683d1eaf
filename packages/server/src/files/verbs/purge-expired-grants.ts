import type { JobContext } from "../../context";
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
