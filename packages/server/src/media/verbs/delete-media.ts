import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { eraseSoon } from "../../outbox/empty-deletions";
import { notAborted } from "../rows/find-own-media";

/**
 * Deletes the caller's media in any state. The row goes at once, its bytes right after; the outbox sees to those that the
 * store did not delete now.
 * @throws AppError NOT_FOUND
 */
export async function deleteMedia(
  ctx: UserContext,
  { key }: { key: string },
): Promise<{ deleted: true }> {
  const { count } = await ctx.db.media.deleteMany({
    where: { key, userId: ctx.identity.userId, ...notAborted },
  });
  if (count === 0) throw new AppError("NOT_FOUND");
  await eraseSoon(ctx, key);
  return { deleted: true };
}
