import { AppError } from "../../ground/errors";
import type { Transaction } from "../../ground/transaction";

/**
 * Makes sure, inside the transaction that writes a row of the app's, that this user may let it refer to this media: their
 * own, and ready. It cannot be deleted until commit; then a foreign key to Media, where there is one, keeps it.
 * @throws AppError NOT_FOUND
 */
export async function attachMedia(
  tx: Transaction,
  { key, userId }: { key: string; userId: string },
): Promise<{ key: string; contentType: string }> {
  const { rows } = await tx.query<{ key: string; contentType: string }>(
    `SELECT "key", "contentType" FROM "Media"
     WHERE "key" = $1 AND "userId" = $2 AND "status" = 'ready' FOR KEY SHARE`,
    [key, userId],
  );
  const [media] = rows;
  if (!media) throw new AppError("NOT_FOUND");
  return media;
}
