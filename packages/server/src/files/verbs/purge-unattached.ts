import { limits } from "@fermata/contract";
import type { JobContext } from "../../context";
import { isUnowned } from "../rows/file-owners";
import { type PurgedFiles, purgeFiles } from "../rows/purge-files";

/**
 * Deletes ready files that no row refers to, a day after the last one ceased to, or after the upload. Rows that somebody
 * is attaching are passed over.
 */
export function purgeUnattached(ctx: JobContext): Promise<PurgedFiles> {
  const cutoff = new Date(ctx.clock.now().getTime() - limits.files.unattachedSeconds * 1000);
  return purgeFiles(
    ctx,
    `SELECT f.ctid FROM "File" f
     WHERE f."status" = 'ready' AND f."readyAt" < $1
       AND coalesce(f."attachedAt", f."readyAt") < $1 AND coalesce(f."releasedAt", f."readyAt") < $1
       AND ${isUnowned(ctx)}
     ORDER BY f."readyAt"`,
    cutoff,
  );
}
