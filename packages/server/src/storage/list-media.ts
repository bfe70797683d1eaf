import type { Media, PageInput } from "@fermata/contract";
import type { UserContext } from "../context";
import { afterCursor, decodeCursor, newestFirst, toPage } from "../paging";
import { notAborted } from "./find-own-media";
import { readUrl } from "./get-media-url";
import { toMedia } from "./to-media";

/** The caller's media, newest first, each with a URL that reads it once it is ready. */
export async function listMedia(
  ctx: UserContext,
  input: PageInput,
): Promise<{ items: (Media & { url: string | null })[]; nextCursor: string | null }> {
  const rows = await ctx.db.media.findMany({
    where: {
      userId: ctx.identity.userId,
      AND: [notAborted, afterCursor(decodeCursor(input.cursor))],
    },
    orderBy: newestFirst,
    take: input.limit + 1,
  });
  const { items, nextCursor } = toPage(rows, input.limit);
  return {
    items: await Promise.all(
      items.map(async (media) => ({
        ...toMedia(ctx, media),
        url: media.status === "ready" ? await readUrl(ctx, media) : null,
      })),
    ),
    nextCursor,
  };
}
