import type { Transaction } from "../../ground/transaction";

/** Counts what changes hands: the triggers count what comes and goes. */
const handOver = `
  WITH old AS (
    SELECT "id", coalesce("quotaSubject", "userId") AS subject, "reservedBytes" AS bytes FROM "Media"
    WHERE "userId" = $1 AND "status" = 'ready' FOR UPDATE
  ), moved AS (
    UPDATE "Media" SET "userId" = $2, "quotaSubject" = NULL FROM old WHERE "Media"."id" = old."id"
  ), counted AS (SELECT subject, sum(bytes)::bigint AS bytes FROM old GROUP BY 1)
  SELECT fermata_count_bytes(subject, 'media', -bytes)::text, fermata_count_bytes($2, 'media', bytes)::text FROM counted`;

/** Makes a user's ready media another's. */
export async function handOverMedia(
  tx: Transaction,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await tx.query(handOver, [from, to]);
}

export async function deleteMediaOf(tx: Transaction, userId: string): Promise<void> {
  await tx.query(`DELETE FROM "Media" WHERE "userId" = $1`, [userId]);
}
