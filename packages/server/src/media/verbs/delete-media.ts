import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { fromPrisma } from "../../ground/transaction";
import { eraseSoon } from "../../outbox/empty-deletions";
import { notAborted } from "../rows/find-own-media";
import { queueLateBytes } from "../uploads/queue-late-bytes";

/**
 * Deletes the caller's media in any state. The row goes at once, its bytes right after; the outbox sees to those that the
 * store did not delete now.
 * @throws AppError NOT_FOUND
 */
export async function deleteMedia(
  ctx: UserContext,
  { key }: { key: string },
): Promise<{ deleted: true }> {
  const where = { key, userId: ctx.identity.userId, ...notAborted };
  const media = await ctx.db.media.findFirst({ where });
  if (!media) throw new AppError("NOT_FOUND");
  const count = await ctx.db.$transaction(async (tx) => {
    const deleted = await tx.media.deleteMany({ where });
    if (deleted.count > 0) await queueLateBytes(ctx, fromPrisma(tx), media);
    return deleted.count;
  });
  if (count === 0) throw new AppError("NOT_FOUND");
  await eraseSoon(ctx, key);
  return { deleted: true };
}
