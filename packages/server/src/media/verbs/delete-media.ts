import type { UserContext } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import { AppError } from "../../ground/errors";
import { fromPrisma } from "../../ground/transaction";
import { eraseSoon } from "../../outbox/empty-deletions";
import { notAborted } from "../rows/find-own-media";
import { queueLateBytes } from "../uploads/queue-late-bytes";

/**
 * Deletes the caller's media in any state. The row goes at once, its bytes right after; the outbox sees to those that the
 * store did not delete now.
 * @throws AppError NOT_FOUND; CONFLICT where somebody keeps it by name, or a row of the app's refers to it
 */
export async function deleteMedia(
  ctx: UserContext,
  { key }: { key: string },
): Promise<{ deleted: true }> {
  const where = { key, userId: ctx.identity.userId, ...notAborted };
  const media = await ctx.db.media.findFirst({ where });
  if (!media) throw new AppError("NOT_FOUND");
  const count = await ctx.db
    .$transaction(async (tx) => {
      // With its row locked nobody begins to keep it in between.
      await fromPrisma(tx).query(`SELECT FROM "Media" WHERE "id" = $1 FOR UPDATE`, [media.id]);
      const keep = await tx.mediaKeep.findFirst({ where: { mediaId: media.id } });
      if (keep)
        throw new AppError("CONFLICT", { attachedTo: { relation: "kept", id: keep.owner } });
      const deleted = await tx.media.deleteMany({ where });
      if (deleted.count > 0) await queueLateBytes(ctx, fromPrisma(tx), media);
      return deleted.count;
    })
    .catch((error: unknown) => {
      throw isReferred(error) ? new AppError("CONFLICT", { reason: "a row refers to it" }) : error;
    });
  if (count === 0) throw new AppError("NOT_FOUND");
  await eraseSoon(ctx, key);
  return { deleted: true };
}

/** A foreign key of the app's own tables keeps it. */
function isReferred(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";
}
