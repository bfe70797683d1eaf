import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { fromPrisma } from "../../ground/transaction";
import { eraseSoon } from "../../outbox/empty-deletions";
import { aborted, findOwnMedia } from "../rows/find-own-media";
import { homeBucket } from "../uploads/media-place";
import { queueLateBytes } from "../uploads/queue-late-bytes";
import { queueMedia } from "../uploads/queue-media";

/**
 * Gives an upload up: its reservation and its bytes are released. Aborting again is success. The row stays, unseen, until
 * its grants are over, so that bytes which come late are swept too.
 * @throws AppError NOT_FOUND, CONFLICT when it is complete: delete it instead
 */
export async function abortUpload(
  ctx: UserContext,
  { key }: { key: string },
): Promise<{ aborted: true }> {
  const media = await findOwnMedia(ctx, key);
  const became = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.media.updateMany({
      where: { id: media.id, status: "pending" },
      data: { status: "failed", failure: aborted, reservedBytes: 0 },
    });
    if (count === 0) return false;
    await tx.mediaPart.deleteMany({ where: { mediaId: media.id } });
    await queueMedia(fromPrisma(tx), media, {
      bucket: homeBucket(media),
      notBefore: ctx.clock.now(),
    });
    await queueLateBytes(ctx, fromPrisma(tx), media);
    return true;
  });
  if (became) {
    await eraseSoon(ctx, key);
  } else {
    const { status } = await findOwnMedia(ctx, key);
    if (status === "ready") throw new AppError("CONFLICT", { status });
  }
  return { aborted: true };
}
