import type { Instrument, PublicInstrument } from "@fermata/contract";
import { fileUrl, normalizeType, publicViewer, unknownType } from "@fermata/server/internal";
import type { RequestContext } from "../context";
import { toDetails } from "./details";
import { pictureOf } from "./pictures";
import { coverOf, publicPageUrl, readItems } from "./read-instrument";

/** What visitors see of a published instrument, and its owner before that; null otherwise. */
export async function getPublicInstrument(
  ctx: RequestContext,
  { slug }: { slug: string },
): Promise<PublicInstrument | null> {
  const row = await ctx.db.instrument.findUnique({ where: { slug } });
  const isOwner = ctx.identity?.kind === "user" && ctx.identity.userId === row?.ownerId;
  if (!row || (row.publishedAt === null && !isOwner)) return null;

  const items = await readItems(ctx, row.id);
  const attachments = await ctx.db.instrumentAttachment.findMany({
    where: { instrumentId: row.id },
    include: { file: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  const published = row.publishedAt !== null;
  const viewerId = published ? publicViewer(row.id) : row.ownerId;
  return {
    slug: row.slug,
    name: row.name,
    ...toDetails(row),
    published,
    publicUrl: publicPageUrl(ctx, row.slug),
    coverItemId: coverOf(
      row,
      items.map(({ itemId, media }) => ({ id: itemId, contentType: media.contentType })),
    ),
    items: items.flatMap(toPublicItem),
    attachments: attachments.map(({ title, fileId, file }) => ({
      title,
      contentType: normalizeType(file.contentType ?? unknownType),
      sizeBytes: file.sizeBytes,
      url: fileUrl(ctx, { storageId: fileId, viewerId }),
    })),
  };
}

function toPublicItem(item: Instrument["media"][number]): PublicInstrument["items"] {
  const { itemId, alt, caption, media } = item;
  const { contentType, url } = media;
  if (!url) return [];
  const kind = contentType.startsWith("image/") ? "photo" : "clip";
  const picture = pictureOf(media, url);
  // No browser shows it, and no copy of it could be made.
  if (kind === "photo" && !picture) return [];
  return [
    {
      itemId,
      kind,
      alt,
      caption,
      contentType,
      url: kind === "photo" && picture ? picture.url : url,
      picture,
      width: media.width ?? null,
      height: media.height ?? null,
      durationSeconds: media.durationSeconds ?? null,
      codec: media.codec ?? null,
      waveform: media.waveform ?? null,
    },
  ];
}
