import { forgetUsageOf } from "../bytes/within-quota";
import type { Services } from "../context";
import { releaseOwnersOf } from "../files/rows/file-owners";
import { deleteFilesOf } from "../files/rows/files-of-user";
import { forgetReadable } from "../files/serving/find-readable";
import { AppError } from "../ground/errors";
import { inTransaction } from "../ground/in-transaction";
import { fromPg, type Transaction } from "../ground/transaction";
import { deleteImportsOf } from "../imports/imports-of-user";
import { deleteMediaOf } from "../media/rows/media-of-user";
import { closeRoomsOf, deleteRoomsOf } from "../rooms/seats/rooms-of-user";

/**
 * Deletes everything of a user's: files, media, rooms, seats and what quotas counted. Open rooms are closed for everybody
 * in them first; bytes follow through the outbox. A user of whom nothing is left may be deleted again.
 * @throws AppError CONFLICT where a row owns one of the files and does not let go; then nothing but the rooms is gone
 */
export async function deleteUser(ctx: Services, userId: string): Promise<void> {
  await closeRoomsOf(ctx, userId);
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
  await deleteImportsOf(tx, userId);
  await deleteFilesOf(tx, userId);
  await deleteMediaOf(tx, userId);
  await deleteRoomsOf(tx, userId, ctx.clock.now());
  await forgetUsageOf(tx, userId);
}
