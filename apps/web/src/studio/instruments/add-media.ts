import { type Instrument, type instruments, limits } from "@fermata/contract";
import { AppError, type MediaModel, newId } from "@fermata/server/internal";
import type { z } from "zod";
import { isPlayedByBrowsers } from "../../lib/for-pages";
import type { UserContext } from "../context";
import { changeOwnInstrument } from "./own-instrument";
import { readInstrument } from "./read-instrument";

/**
 * Puts ready photos and clips of the caller's on an instrument. What is on it already stays in its order.
 * @throws AppError NOT_FOUND; CONFLICT for what is not ready or stands for a clip; UNSUPPORTED_MEDIA_TYPE for what is
 * neither a picture nor of a kind of film or sound that browsers play; INVALID_INPUT beyond the limit
 */
export async function addMedia(
  ctx: UserContext,
  { instrumentId, keys, before = [] }: z.output<typeof instruments.addMedia.input>,
): Promise<Instrument> {
  await changeOwnInstrument(ctx, instrumentId, async (tx) => {
    const found = await tx.media.findMany({
      where: { key: { in: keys }, userId: ctx.identity.userId },
    });
    const wanted = [...new Set(keys)].map((key) => {
      const media = found.find((row) => row.key === key);
      if (!media) throw new AppError("NOT_FOUND", { key });
      requireShowable(media);
      return media;
    });
    const present = await tx.instrumentMedia.findMany({
      where: { instrumentId },
      include: { media: { select: { key: true } } },
    });
    const added = wanted.filter((media) => !present.some(({ mediaId }) => mediaId === media.id));
    const limit = limits.instruments.media;
    if (present.length + added.length > limit) throw new AppError("INVALID_INPUT", { limit });
    const end = Math.max(-1, ...present.map(({ position }) => position)) + 1;
    const later = present.filter(({ media }) => before.includes(media.key));
    const place = Math.min(end, ...later.map(({ position }) => position));
    await tx.instrumentMedia.updateMany({
      where: { instrumentId, position: { gte: place } },
      data: { position: { increment: added.length } },
    });
    await tx.instrumentMedia.createMany({
      data: added.map((media, index) => ({
        id: newId(),
        instrumentId,
        mediaId: media.id,
        position: place + index,
        createdAt: ctx.clock.now(),
      })),
    });
  });
  return readInstrument(ctx, instrumentId);
}

function requireShowable({ key, status, contentType, posterOfId }: MediaModel): void {
  if (!contentType.startsWith("image/") && !isPlayedByBrowsers({ contentType })) {
    const reason = `No browser plays ${contentType} on a page. As MP4 or WebM it can be shown.`;
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", { key, contentType, reason }, reason);
  }
  if (status !== "ready") throw new AppError("CONFLICT", { key, status });
  if (posterOfId !== null) throw new AppError("CONFLICT", { key, reason: "it stands for a clip" });
}
