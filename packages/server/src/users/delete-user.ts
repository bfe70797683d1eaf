import type { Services } from "../context";
import { releaseOwnersOf } from "../files/rows/file-owners";
import { forgetReadable } from "../files/serving/find-readable";
import { AppError } from "../ground/errors";
import { inTransaction } from "../ground/in-transaction";
import { fromPg, type Transaction } from "../ground/transaction";
import { endRoom } from "../rooms/seats/end-room";
import { subjectOf } from "../rooms/turn/subject-of";

/**
 * Deletes everything of a user's: files, media, rooms, seats and what quotas counted. Open rooms are closed for everybody
 * in them first; bytes follow through the outbox. A user of whom nothing is left may be deleted again.
 * @throws AppError CONFLICT where a row owns one of the files and does not let go; then nothing but the rooms is gone
 */
export async function deleteUser(ctx: Services, userId: string): Promise<void> {
  const { rows: rooms } = await ctx.pool.query<{ id: string }>(
    `SELECT "id" FROM "Room" WHERE "ownerId" = $1 AND "closedAt" IS NULL AND "expiresAt" > $2`,
    [userId, ctx.clock.now()],
  );
  for (const { id } of rooms) await endRoom(ctx, id);
  await inTransaction(ctx.pool, (tx) => deleteUserRows(ctx, fromPg(tx), userId));
  forgetReadable(ctx);
}

/** The rows alone, in a transaction of the caller's: for who deletes the account in the same one. */
export async function deleteUserRows(
  ctx: Pick<Services, "owners" | "clock">,
  tx: Transaction,
  userId: string,
): Promise<void> {
  const refusing = await releaseOwnersOf(ctx, tx, userId);
  if (refusing) throw new AppError("CONFLICT", { attachedTo: refusing });
  await tx.query(`DELETE FROM "ImportedFile" WHERE "userId" = $1`, [userId]);
  await tx.query(`DELETE FROM "File" WHERE "uploaderId" = $1`, [userId]);
  await tx.query(`DELETE FROM "Media" WHERE "userId" = $1`, [userId]);
  await tx.query(`DELETE FROM "Room" WHERE "ownerId" = $1`, [userId]);
  // In rooms of others the seat stays, as one of nobody's account.
  await tx.query(`UPDATE "Peer" SET "userId" = NULL WHERE "userId" = $1`, [userId]);
  await tx.query(
    `UPDATE "TurnGrant" SET "endedAt" = $2 WHERE "subject" = $1 AND "endedAt" IS NULL AND "expiresAt" > $2`,
    [subjectOf({ peerId: "", userId }), ctx.clock.now()],
  );
  await tx.query(`DELETE FROM "Usage" WHERE "userId" = $1`, [userId]);
}
