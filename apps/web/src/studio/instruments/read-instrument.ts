import type { Instrument } from "@fermata/contract";
import {
  fileUrl,
  type InstrumentModel,
  type MediaModel,
  normalizeType,
  readUrl,
  unknownType,
  withPicturesOf,
} from "@fermata/server/internal";
import type { Services, UserContext } from "../context";
import { toDetails } from "./details";
import { findOwnInstrument } from "./own-instrument";

type Ctx = Pick<Services, "db" | "objects" | "clock"> & { origin: string };

export function publicPageUrl({ origin }: Pick<Ctx, "origin">, slug: string): string {
  return new URL(`/instruments/${slug}`, origin).href;
}

/** The photos and clips of an instrument in their order, each with its URLs. */
export async function readItems(ctx: Ctx, instrumentId: string): Promise<Instrument["media"]> {
  const rows = await ctx.db.instrumentMedia.findMany({
    where: { instrumentId },
    include: { media: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  const media = await withPicturesOf(
    ctx,
    rows.map((row) => row.media),
  );
  return Promise.all(
    rows.map(async ({ id, alt, caption, media: row }, index) => ({
      itemId: id,
      alt,
      caption,
      // As many come back as went in.
      media: {
        ...(media[index] as Instrument["media"][number]["media"]),
        url: await urlOf(ctx, row),
      },
    })),
  );
}

async function urlOf(ctx: Ctx, row: MediaModel): Promise<string | null> {
  return row.status === "ready" ? readUrl(ctx, row) : null;
}

/** The chosen item, else the first photo, else the first film; a sound shows nothing. */
export function coverOf(
  { coverId }: Pick<InstrumentModel, "coverId">,
  items: { id: string; contentType: string }[],
): string | null {
  const cover =
    items.find(({ id }) => id === coverId) ??
    items.find(({ contentType }) => contentType.startsWith("image/")) ??
    items.find(({ contentType }) => contentType.startsWith("video/"));
  return cover?.id ?? null;
}

/**
 * The caller's instrument with everything on it.
 * @throws AppError NOT_FOUND
 */
export async function readInstrument(ctx: UserContext, instrumentId: string): Promise<Instrument> {
  const row = await findOwnInstrument(ctx, instrumentId);
  const media = await readItems(ctx, row.id);
  const attachments = await ctx.db.instrumentAttachment.findMany({
    where: { instrumentId: row.id },
    include: { file: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  const viewerId = ctx.identity.userId;
  return {
    ...toSummary(
      row,
      media.map((item) => item.media),
    ),
    ...toDetails(row),
    publicUrl: publicPageUrl(ctx, row.slug),
    coverItemId: coverOf(
      row,
      media.map((item) => ({ id: item.itemId, contentType: item.media.contentType })),
    ),
    media,
    attachments: attachments.map(({ id, title, fileId, file }) => ({
      attachmentId: id,
      storageId: fileId,
      title,
      contentType: normalizeType(file.contentType ?? unknownType),
      sizeBytes: file.sizeBytes,
      url: fileUrl(ctx, { storageId: fileId, viewerId }),
    })),
  };
}

export function toSummary(row: InstrumentModel, media: { contentType: string }[]) {
  return {
    instrumentId: row.id,
    slug: row.slug,
    name: row.name,
    maker: row.maker,
    year: row.year,
    publishedAt: row.publishedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    photoCount: media.filter(({ contentType }) => contentType.startsWith("image/")).length,
    clipCount: media.filter(({ contentType }) => !contentType.startsWith("image/")).length,
  };
}
