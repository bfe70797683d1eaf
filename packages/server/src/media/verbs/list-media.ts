import type { PageInput, storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { afterCursor, decodeCursor, newestFirst, toPage } from "../../ground/paging";
import { notAborted } from "../rows/find-own-media";
import { withPicturesOf } from "../rows/with-pictures";
import { readUrl } from "./get-media-url";

/** The caller's media but the posters of clips, newest first, each with a URL that reads it once it is ready. */
export async function listMedia(
  ctx: UserContext,
  input: PageInput,
): Promise<z.input<typeof storage.list.output>> {
  const rows = await ctx.db.media.findMany({
    where: {
      userId: ctx.identity.userId,
      posterOfId: null,
      AND: [notAborted, afterCursor(decodeCursor(input.cursor))],
    },
    orderBy: newestFirst,
    take: input.limit + 1,
  });
  const { items, nextCursor } = toPage(rows, input.limit);
  const media = await withPicturesOf(ctx, items);
  const urls = await Promise.all(
    items.map((row) => (row.status === "ready" ? readUrl(ctx, row) : null)),
  );
  const shown = await ctx.db.instrumentMedia.findMany({
    where: { mediaId: { in: items.map(({ id }) => id) } },
    select: { mediaId: true, instrument: { select: { id: true, name: true } } },
  });
  return {
    items: media.map((row, index) => ({
      ...row,
      url: urls[index] ?? null,
      instruments: shown
        .filter(({ mediaId }) => mediaId === items[index]?.id)
        .map(({ instrument: { id, name } }) => ({ instrumentId: id, name })),
    })),
    nextCursor,
  };
}
