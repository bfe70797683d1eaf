import type { Media } from "@fermata/contract";
import type { UserContext } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import { AppError } from "../../ground/errors";
import { announceMedia } from "../processing/announce-media";
import { beginProcessing } from "../processing/begin-processing";
import { processingKind } from "../processing/is-processed";
import { findOwnMedia } from "../rows/find-own-media";
import { toMedia } from "../rows/to-media";

/**
 * Processes the caller's media once more. What failed goes on where it was; what was ready is made anew.
 * @throws AppError NOT_FOUND; CONFLICT where the upload is not complete, UNSUPPORTED_MEDIA_TYPE where there is nothing to do
 */
export async function reprocessMedia(ctx: UserContext, { key }: { key: string }): Promise<Media> {
  const media = await findOwnMedia(ctx, key);
  if (media.status !== "ready") throw new AppError("CONFLICT", { status: media.status });
  const { contentType } = media;
  if (processingKind(contentType) === null)
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType });

  const requests = await ctx.db.$transaction(async (tx) => {
    if (media.processing === "ready")
      await tx.mediaVariant.deleteMany({ where: { mediaId: media.id } });
    await tx.media.update({ where: { id: media.id }, data: { processingAttempts: 0 } });
    return beginProcessing(tx, { which: Prisma.sql`m."id" = ${media.id}`, now: ctx.clock.now() });
  });
  for (const request of requests) await announceMedia(ctx, request);
  return toMedia(ctx, await findOwnMedia(ctx, key));
}
