import type { Transaction } from "../../ground/transaction";

/** Counts what changes hands: the triggers count what comes and goes. */
const handOver = `
  WITH old AS (
    SELECT "id", coalesce("quotaSubject", "uploaderId") AS subject, "sizeBytes" AS bytes FROM "File"
    WHERE "uploaderId" = $1 AND "status" = 'ready' AND "id" <> ALL($3::text[]) FOR UPDATE
  ), moved AS (
    UPDATE "File" SET "uploaderId" = $2, "quotaSubject" = NULL FROM old WHERE "File"."id" = old."id"
  ), counted AS (SELECT subject, sum(bytes)::bigint AS bytes FROM old GROUP BY 1)
  SELECT fermata_count_bytes(subject, 'files', -bytes)::text, fermata_count_bytes($2, 'files', bytes)::text FROM counted`;

/** Makes a user's ready files another's, but those that stay. */
export async function handOverFiles(
  tx: Transaction,
  { from, to, except }: { from: string; to: string; except: string[] },
): Promise<void> {
  await tx.query(handOver, [from, to, except]);
}

export async function deleteFilesOf(tx: Transaction, userId: string): Promise<void> {
  await tx.query(`DELETE FROM "File" WHERE "uploaderId" = $1`, [userId]);
}
