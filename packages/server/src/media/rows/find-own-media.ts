import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";

/** What `Media.failure` says of an upload that its user gave up. It is shown to nobody, and swept once its grants are over. */
export const aborted = "ABORTED";

/** @throws AppError NOT_FOUND, for somebody else's as for a missing one */
export async function findOwnMedia(ctx: UserContext, key: string): Promise<MediaModel> {
  const media = await ctx.db.media.findFirst({ where: { key, userId: ctx.identity.userId } });
  if (!media) throw new AppError("NOT_FOUND");
  return media;
}

/** Prisma's condition for the rows that their user may see. */
export const notAborted = { OR: [{ failure: null }, { failure: { not: aborted } }] };
