import type { Instrument, instruments } from "@fermata/contract";
import { AppError } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";
import { changeOwnInstrument } from "./own-instrument";
import { readInstrument } from "./read-instrument";

/**
 * Changes the words of a photo or clip on an instrument, or makes it the one that stands for it.
 * @throws AppError NOT_FOUND
 */
export async function updateMedia(
  ctx: UserContext,
  { instrumentId, itemId, alt, caption, cover }: z.output<typeof instruments.updateMedia.input>,
): Promise<Instrument> {
  await changeOwnInstrument(ctx, instrumentId, async (tx) => {
    const { count } = await tx.instrumentMedia.updateMany({
      where: { id: itemId, instrumentId },
      data: { ...(alt !== undefined && { alt }), ...(caption !== undefined && { caption }) },
    });
    if (count === 0) throw new AppError("NOT_FOUND");
    if (cover)
      await tx.instrument.update({ where: { id: instrumentId }, data: { coverId: itemId } });
  });
  return readInstrument(ctx, instrumentId);
}

/**
 * Takes a photo or clip off an instrument. It stays among the media.
 * @throws AppError NOT_FOUND
 */
export async function removeMedia(
  ctx: UserContext,
  { instrumentId, itemId }: { instrumentId: string; itemId: string },
): Promise<Instrument> {
  await changeOwnInstrument(ctx, instrumentId, async (tx) => {
    const { count } = await tx.instrumentMedia.deleteMany({ where: { id: itemId, instrumentId } });
    if (count === 0) throw new AppError("NOT_FOUND");
  });
  return readInstrument(ctx, instrumentId);
}

/**
 * Puts all photos and clips of an instrument into a new order.
 * @throws AppError NOT_FOUND; CONFLICT when these are not exactly the items that it has, as when another tab changed them
 */
export async function reorderMedia(
  ctx: UserContext,
  { instrumentId, itemIds }: { instrumentId: string; itemIds: string[] },
): Promise<Instrument> {
  await changeOwnInstrument(ctx, instrumentId, async (tx) => {
    const present = await tx.instrumentMedia.findMany({ where: { instrumentId } });
    const wanted = new Set(itemIds);
    const same =
      wanted.size === itemIds.length &&
      present.length === itemIds.length &&
      present.every(({ id }) => wanted.has(id));
    if (!same) throw new AppError("CONFLICT", { reason: "its photos changed meanwhile" });
    await tx.$executeRaw`
      UPDATE "InstrumentMedia" i SET "position" = o.position - 1
      FROM unnest(${itemIds}::text[]) WITH ORDINALITY AS o(id, position)
      WHERE i."id" = o.id AND i."instrumentId" = ${instrumentId}`;
  });
  return readInstrument(ctx, instrumentId);
}
