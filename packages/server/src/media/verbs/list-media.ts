import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { afterCursor, decodeCursor, newestFirst, toPage } from "../../ground/paging";
import { notAborted } from "../rows/find-own-media";
import { toMedia } from "../rows/to-media";
import { withPicturesOf } from "../rows/with-pictures";
import { readUrl } from "./get-media-url";

/**
 * Media but the posters of clips, newest first: the caller's, each with a URL that reads it once it is ready, or for an admin
 * somebody else's, with one where it is public.
 * @throws AppError FORBIDDEN where a member asks for media that are not theirs
 */
export async function listMedia(
  ctx: UserContext,
  input: z.output<typeof storage.list.input>,
): Promise<z.input<typeof storage.list.output>> {
  const { userId, role } = ctx.identity;
  const owner = input.owner ?? userId;
  if (owner !== userId && role !== "admin") throw new AppError("FORBIDDEN");
  const mayRead = (row: { userId: string; visibility: string }) =>
    row.userId === userId || row.visibility === "public";
  const rows = await ctx.db.media.findMany({
    where: {
      ...(owner !== "all" && { userId: owner }),
      posterOfId: null,
      AND: [notAborted, afterCursor(decodeCursor(input.cursor))],
    },
    orderBy: newestFirst,
    take: input.limit + 1,
  });
  const { items, nextCursor } = toPage(rows, input.limit);
  // Of what is another's and private, no picture either.
  const pictured = await withPicturesOf(ctx, items.filter(mayRead));
  const media = items.map(
    (row) =>
      pictured.find(({ key }) => key === row.key) ??
      toMedia(ctx, { ...row, thumbHash: null, waveform: null }),
  );
  const urls = await Promise.all(
    items.map((row) => (row.status === "ready" && mayRead(row) ? readUrl(ctx, row) : null)),
  );
  const shown = await ctx.db.instrumentMedia.findMany({
    where: { mediaId: { in: items.map(({ id }) => id) } },
    select: { mediaId: true, instrument: { select: { id: true, name: true } } },
  });
  const people = await ctx.describeUsers([...new Set(items.map((row) => row.userId))]);
  const ownerOf = (id = userId) => {
    const { name = null, email = "" } = people.get(id) ?? {};
    return { id, name, email };
  };
  return {
    items: media.map((row, index) => ({
      ...row,
      url: urls[index] ?? null,
      owner: ownerOf(items[index]?.userId),
      instruments: shown
        .filter(({ mediaId }) => mediaId === items[index]?.id)
        .map(({ instrument: { id, name } }) => ({ instrumentId: id, name })),
    })),
    nextCursor,
  };
}
