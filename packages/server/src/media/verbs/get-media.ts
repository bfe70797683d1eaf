import type { Media } from "@fermata/contract";
import type { UserContext } from "../../context";
import { notAborted } from "../rows/find-own-media";
import { withPictures } from "../rows/with-pictures";

/** The row, in whatever state; null when it is missing or somebody else's. */
export async function getMedia(ctx: UserContext, { key }: { key: string }): Promise<Media | null> {
  const media = await ctx.db.media.findFirst({
    where: { key, userId: ctx.identity.userId, ...notAborted },
  });
  return media && withPictures(ctx, media);
}
