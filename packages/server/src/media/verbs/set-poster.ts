import type { Media } from "@fermata/contract";
import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { eraseSoon } from "../../outbox/empty-deletions";
import { processingKind } from "../processing/is-processed";
import { findOwnMedia } from "../rows/find-own-media";
import { withPictures } from "../rows/with-pictures";

/**
 * Gives a clip of the caller's a picture to stand for it, or takes it away. The picture is a media of its own, uploaded
 * as any other; from here on it belongs to the clip, is listed no more, and goes when the clip goes. The former one goes now.
 * @throws AppError NOT_FOUND; CONFLICT where the picture is not ready, stands for another clip, or is seen by others than
 * the clip; UNSUPPORTED_MEDIA_TYPE where it is no picture, or the other is no clip
 */
export async function setPoster(
  ctx: UserContext,
  { key, posterKey }: { key: string; posterKey: string | null },
): Promise<Media> {
  const clip = await findOwnMedia(ctx, key);
  if (!clip.contentType.startsWith("video/"))
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", { expected: "video/*" });
  const poster = posterKey === null ? null : await findOwnMedia(ctx, posterKey);
  if (poster) {
    if (processingKind(poster.contentType) !== "picture")
      throw new AppError("UNSUPPORTED_MEDIA_TYPE", { expected: "image/*" });
    if (poster.status !== "ready") throw new AppError("CONFLICT", { status: poster.status });
    if (poster.visibility !== clip.visibility)
      throw new AppError("CONFLICT", { visibility: clip.visibility });
    if (poster.posterOfId !== null && poster.posterOfId !== clip.id)
      throw new AppError("CONFLICT", { reason: "it stands for another clip" });
  }
  const former = await ctx.db.$transaction(async (tx) => {
    // One at a time for a clip.
    await tx.$queryRaw`SELECT 1 FROM "Media" WHERE "id" = ${clip.id} FOR UPDATE`;
    const previous = await tx.media.findUnique({ where: { posterOfId: clip.id } });
    if (previous?.id === poster?.id) return null;
    if (previous) await tx.media.delete({ where: { id: previous.id } });
    if (poster) {
      const { count } = await tx.media.updateMany({
        where: { id: poster.id, posterOfId: null },
        data: { posterOfId: clip.id },
      });
      if (count === 0) throw new AppError("CONFLICT", { reason: "it stands for another clip" });
      // What stands for a clip stands for nothing else.
      await tx.instrumentMedia.deleteMany({ where: { mediaId: poster.id } });
    }
    return previous;
  });
  if (former) await eraseSoon(ctx, former.key);
  return withPictures(ctx, await findOwnMedia(ctx, key));
}
