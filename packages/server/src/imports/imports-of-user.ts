import type { Transaction } from "../ground/transaction";

/** An import keeps its files from the purge. Where both imported the same, the source says whose it was. */
const handOver = `
  UPDATE "ImportedFile" mine SET "userId" = $2,
    "source" = CASE WHEN EXISTS (
      SELECT 1 FROM "ImportedFile" theirs WHERE theirs."userId" = $2
        AND theirs."source" = mine."source" AND theirs."sourceId" = mine."sourceId"
    ) THEN mine."source" || ' of ' || $1 ELSE mine."source" END
  WHERE mine."userId" = $1`;

/** Makes the books of a user's imports another's. */
export async function handOverImports(
  tx: Transaction,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await tx.query(handOver, [from, to]);
}

export async function deleteImportsOf(tx: Transaction, userId: string): Promise<void> {
  await tx.query(`DELETE FROM "ImportedFile" WHERE "userId" = $1`, [userId]);
}
