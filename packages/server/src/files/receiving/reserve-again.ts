import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { inTransaction } from "../../ground/in-transaction";
import type { UploadClaim } from "./claim-upload";
import type { Grant } from "./find-grant";

/**
 * Reserves once more what a failed attempt at the same URL gave back, within the quota that the grant was given under.
 * @throws AppError QUOTA_EXCEEDED where others have taken the room meanwhile
 */
export async function reserveAgain(
  { pool }: Pick<Services, "pool">,
  { fileId, reservedBytes }: Pick<UploadClaim, "fileId"> & Pick<Grant, "reservedBytes">,
): Promise<void> {
  if (reservedBytes > 0) return;
  await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ subject: string; quotaBytes: string }>(
      `UPDATE "File" SET "sizeBytes" = "grantMaxBytes"
       WHERE "id" = $1 AND "sizeBytes" = 0 AND "status" <> 'ready'
       RETURNING coalesce("quotaSubject", "uploaderId") AS subject, "grantQuotaBytes" AS "quotaBytes"`,
      [fileId],
    );
    const [reserved] = rows;
    if (!reserved) return;
    // The trigger on the row has locked the subject's usage, as of a new grant.
    const usage = await tx.query<{ bytes: string }>(
      `SELECT "bytes" FROM "Usage" WHERE "userId" = $1 AND "kind" = 'files'`,
      [reserved.subject],
    );
    const quotaBytes = Number(reserved.quotaBytes);
    if (Number(usage.rows[0]?.bytes ?? 0) > quotaBytes)
      throw new AppError("QUOTA_EXCEEDED", { limitBytes: quotaBytes, quotaBytes });
  });
}
