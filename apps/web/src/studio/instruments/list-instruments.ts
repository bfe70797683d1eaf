import type { instruments, PageInput } from "@fermata/contract";
import {
  afterCursor,
  decodeCursor,
  newestFirst,
  readUrl,
  toPage,
  withPicturesOf,
} from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";
import { pictureOf } from "./pictures";
import { coverOf, toSummary } from "./read-instrument";

/** The caller's instruments, newest first, each with the picture that stands for it. */
export async function listInstruments(
  ctx: UserContext,
  input: PageInput,
): Promise<z.input<typeof instruments.list.output>> {
  const rows = await ctx.db.instrument.findMany({
    where: { ownerId: ctx.identity.userId, ...afterCursor(decodeCursor(input.cursor)) },
    include: { media: { include: { media: true }, orderBy: { position: "asc" } } },
    orderBy: newestFirst,
    take: input.limit + 1,
  });
  const { items, nextCursor } = toPage(rows, input.limit);
  const covers = items.map((row) => {
    const coverId = coverOf(
      row,
      row.media.map(({ id, media }) => ({ id, contentType: media.contentType })),
    );
    return row.media.find(({ id }) => id === coverId)?.media ?? null;
  });
  const shown = covers.filter((cover) => cover !== null);
  const pictures = await withPicturesOf(ctx, shown);
  return {
    items: await Promise.all(
      items.map(async (row, index) => {
        const cover = covers[index];
        const media = cover && pictures[shown.indexOf(cover)];
        return {
          ...toSummary(
            row,
            row.media.map((item) => item.media),
          ),
          cover: cover && media ? pictureOf(media, await readUrl(ctx, cover)) : null,
        };
      }),
    ),
    nextCursor,
  };
}
