import type { Services } from "../../context";
import { eraseSoon } from "../../outbox/empty-deletions";
import { finishByRule, RuleFailure } from "../../uploads/finish-by-rule";
import type { UploadClaim } from "./claim-upload";
import type { StoredFacts } from "./stored-facts";

export type RuleContext = Pick<
  Services,
  "pool" | "objects" | "clock" | "log" | "uploads" | "transaction"
>;

/**
 * Makes the row ready and runs the app's rule, in one transaction. Where the rule fails, the row, the bytes and what the
 * quota counted go.
 * @returns whether the row still named the bytes
 * @throws AppError the rule's reason
 */
export async function settleByRule(
  ctx: RuleContext,
  claim: UploadClaim & { rule: string },
  facts: StoredFacts,
): Promise<boolean> {
  const { fileId, objectKey, uploaderId, rule } = claim;
  const { contentType, sizeBytes, sha256, image } = facts;
  try {
    const settled = await ctx.transaction({
      ours: async (tx) => {
        const { rows } = await tx.query<{ filename: string | null; ruleInput: unknown }>(
          `UPDATE "File" SET "status" = 'ready', "claimExpiresAt" = NULL, "contentType" = $3, "sizeBytes" = $4,
             "sha256" = $5, "readyAt" = $6, "width" = $7, "height" = $8, "orientation" = $9, "thumbHash" = $10,
             "hasLocation" = $11
           WHERE "id" = $1 AND "objectKey" = $2 AND "status" <> 'ready' RETURNING "filename", "ruleInput"`,
          [
            fileId,
            objectKey,
            contentType,
            sizeBytes,
            sha256,
            ctx.clock.now(),
            image?.widthPx ?? null,
            image?.heightPx ?? null,
            image?.orientation ?? null,
            image?.thumbHash ?? null,
            image?.hasLocation ?? null,
          ],
        );
        return rows[0] ?? null;
      },
      theirs: (tx, { filename, ruleInput }) =>
        finishByRule(
          ctx,
          tx,
          { rule, input: ruleInput },
          {
            storageId: fileId,
            filename,
            contentType,
            sizeBytes,
            sha256,
            uploaderId,
          },
        ),
    });
    return settled !== null;
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    // The trigger queues the bytes.
    await ctx.pool.query(
      `DELETE FROM "File" WHERE "id" = $1 AND "objectKey" = $2 AND "status" <> 'ready'`,
      [fileId, objectKey],
    );
    await eraseSoon(ctx, objectKey);
    throw error.reason;
  }
}
