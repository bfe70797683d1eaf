import type { Services } from "../../context";
import { hashToken, newId } from "../../ground/secrets";
import { fromPg } from "../../ground/transaction";
import { eraseSoon } from "../../outbox/empty-deletions";
import { queueBytes } from "../../outbox/queue-bytes";
import type { Grant } from "./find-grant";

type Ctx = Pick<Services, "pool" | "clock">;

/** One attempt to use a grant. Its key is its own, so bytes of an attempt that was given up can never be taken for these. */
export interface UploadClaim {
  fileId: string;
  uploaderId: string;
  objectKey: string;
  /** The rule of the app's that the upload was granted by. */
  rule: string | null;
}

interface Attempt {
  token: string;
  /** Null for whoever has nothing but the URL. */
  callerId: string | null;
  /** What the headers say; null where they say nothing. */
  sizeBytes: number | null;
  contentType: string | null;
  /** Past it the attempt counts as dead, and another may take the grant. */
  leaseSeconds: number;
  /** Whether bytes may lie under the key that the row names. */
  hasBytes?: boolean;
}

interface ClaimedGrant
  extends UploadClaim,
    Pick<
      Grant,
      "filename" | "reservedBytes" | "grantType" | "grantSizeBytes" | "grantSha256" | "maxBytes"
    > {}

/**
 * Takes the grant for one attempt that fits it, by one statement that at most one of any number of callers wins.
 * @returns null where it cannot be had; `findGrant` tells why
 */
export async function claimUpload(ctx: Ctx, attempt: Attempt): Promise<ClaimedGrant | null> {
  const now = ctx.clock.now();
  const objectKey = newId();
  const { rows } = await ctx.pool.query<
    ClaimedGrant & { formerKey: string; wasReceiving: boolean }
  >({
    name: "claim upload",
    // The key changes with each attempt: whoever finds the one it read is alone. The commit is not waited for: should a
    // crash undo it, this attempt finds its row as it was, stores nothing under it, and its bytes are swept.
    text: `UPDATE "File" f SET "status" = 'receiving', "objectKey" = $2, "claimExpiresAt" = $3
      FROM "File" former
      WHERE former."grantTokenHash" = $1 AND f."id" = former."id" AND f."objectKey" = former."objectKey"
        AND (f."status" = 'pending' OR (f."status" = 'receiving' AND f."claimExpiresAt" <= $4))
        AND f."grantExpiresAt" > $4
        AND ($5::text IS NULL OR f."uploaderId" = $5)
        AND ($6::bigint IS NULL OR $6 <= coalesce(f."grantMaxBytes", f."sizeBytes"))
        AND ($7::text IS NULL OR f."grantType" IS NULL OR f."grantType" = $7)
      RETURNING f."id" AS "fileId", f."uploaderId", f."objectKey", f."filename", f."grantType", f."grantSizeBytes", f."grantSha256",
        coalesce(f."grantMaxBytes", f."sizeBytes") AS "maxBytes", f."sizeBytes" AS "reservedBytes", f."rule",
        former."objectKey" AS "formerKey", former."status" = 'receiving' AS "wasReceiving",
        set_config('synchronous_commit', 'off', true)`,
    values: [
      hashToken(attempt.token),
      objectKey,
      new Date(now.getTime() + attempt.leaseSeconds * 1000),
      now,
      attempt.callerId,
      attempt.sizeBytes,
      attempt.contentType,
    ],
  });
  const [claim] = rows;
  if (!claim) return null;
  // An attempt that died may have left bytes under its key.
  if (claim.wasReceiving || attempt.hasBytes) await queueAttempt(ctx, claim.formerKey);
  return claim;
}

/** Prolongs the attempt's claim; one that was taken over meanwhile stays the other's. */
export async function renewClaim(
  ctx: Ctx,
  { fileId, objectKey }: UploadClaim,
  leaseSeconds: number,
): Promise<void> {
  await ctx.pool.query(
    `UPDATE "File" SET "claimExpiresAt" = $3
     WHERE "id" = $1 AND "status" = 'receiving' AND "objectKey" = $2`,
    [fileId, objectKey, new Date(ctx.clock.now().getTime() + leaseSeconds * 1000)],
  );
}

/**
 * Gives the grant back after an attempt that stored nothing, and what it reserved: `reserveAgain` is for the next one, which
 * has a key of its own. A grant that does not know its quota keeps what it has.
 */
export async function releaseUpload(
  ctx: Pick<Services, "pool">,
  { fileId, objectKey }: Pick<UploadClaim, "fileId" | "objectKey">,
): Promise<void> {
  await ctx.pool.query(
    `UPDATE "File" SET "status" = 'pending', "claimExpiresAt" = NULL, "objectKey" = $3,
       "grantMaxBytes" = coalesce("grantMaxBytes", "sizeBytes"),
       "sizeBytes" = CASE WHEN "grantQuotaBytes" IS NULL THEN "sizeBytes" ELSE 0 END
     WHERE "id" = $1 AND "status" <> 'ready' AND "objectKey" = $2`,
    [fileId, objectKey, newId()],
  );
}

/** Bytes that were stored and shall not be a file: gone at once where the store answers, else through the outbox or a sweep. */
export async function abandonBytes(
  ctx: Ctx & Pick<Services, "objects" | "log">,
  objectKey: string,
): Promise<void> {
  try {
    await queueAttempt(ctx, objectKey);
    await eraseSoon(ctx, objectKey);
  } catch (err) {
    ctx.log.warn({ err, objectKey }, "bytes that no row names wait for the sweep");
  }
}

async function queueAttempt({ pool, clock }: Ctx, objectKey: string): Promise<void> {
  const now = clock.now();
  await queueBytes(fromPg(pool), { bucket: "files", objectKey, createdAt: now, notBefore: now });
}
