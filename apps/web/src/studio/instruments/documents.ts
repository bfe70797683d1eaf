import { type Instrument, limits } from "@fermata/contract";
import {
  AppError,
  attachFile as claimFile,
  fromPrisma,
  newId,
  releaseFile,
} from "@fermata/server/internal";
import type { UserContext } from "../context";
import { changeOwnInstrument } from "./own-instrument";
import { readInstrument } from "./read-instrument";

/**
 * Adds a document to an instrument, such as its condition report. Visitors of the published page can read it.
 * @throws AppError NOT_FOUND; CONFLICT when some row refers to the file already; INVALID_INPUT beyond the limit
 */
export async function attachFile(
  ctx: UserContext,
  input: { instrumentId: string; storageId: string; title: string },
): Promise<Instrument> {
  const { instrumentId, storageId, title } = input;
  await changeOwnInstrument(ctx, instrumentId, async (tx) => {
    await claimFile(ctx, fromPrisma(tx), { storageId, userId: ctx.identity.userId });
    const present = await tx.instrumentAttachment.findMany({ where: { instrumentId } });
    const limit = limits.instruments.attachments;
    if (present.length >= limit) throw new AppError("INVALID_INPUT", { limit });
    await tx.instrumentAttachment.create({
      data: {
        id: newId(),
        instrumentId,
        ownerId: ctx.identity.userId,
        fileId: storageId,
        title,
        position: Math.max(-1, ...present.map(({ position }) => position)) + 1,
        createdAt: ctx.clock.now(),
      },
    });
  });
  return readInstrument(ctx, instrumentId);
}

/**
 * Takes a document off an instrument. Its file is released, and purged a day later unless it is attached again.
 * @throws AppError NOT_FOUND
 */
export async function detachFile(
  ctx: UserContext,
  { instrumentId, attachmentId }: { instrumentId: string; attachmentId: string },
): Promise<Instrument> {
  await changeOwnInstrument(ctx, instrumentId, async (tx) => {
    const where = { id: attachmentId, instrumentId };
    const document = await tx.instrumentAttachment.findFirst({ where });
    if (!document) throw new AppError("NOT_FOUND");
    await tx.instrumentAttachment.delete({ where: { id: attachmentId } });
    await releaseFile(ctx, fromPrisma(tx), { storageId: document.fileId });
  });
  return readInstrument(ctx, instrumentId);
}
