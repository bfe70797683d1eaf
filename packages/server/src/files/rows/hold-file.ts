import type { Transaction } from "../../ground/transaction";

export interface AttachedFile {
  id: string;
  contentType: string;
}

/**
 * Locks a user's ready file until commit, as referred to from now on: a purge that looks at it in this moment passes it over.
 * @returns null where there is none
 */
export async function holdFile(
  tx: Transaction,
  { storageId, userId, now }: { storageId: string; userId: string; now: Date },
): Promise<AttachedFile | null> {
  const { rows } = await tx.query<AttachedFile>(
    `UPDATE "File" SET "attachedAt" = $3 WHERE "id" = $1 AND "uploaderId" = $2 AND "status" = 'ready'
     RETURNING "id", "contentType"`,
    [storageId, userId, now],
  );
  return rows[0] ?? null;
}

/** Files that nothing else refers to are a day from their purge from now on. */
export async function releaseFiles(
  tx: Transaction,
  storageIds: string[],
  now: Date,
): Promise<void> {
  await tx.query(`UPDATE "File" SET "releasedAt" = $2 WHERE "id" = ANY($1::text[])`, [
    storageIds,
    now,
  ]);
}
