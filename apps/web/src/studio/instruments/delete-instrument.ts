import { fromPrisma, releaseFile } from "@fermata/server/internal";
import type { UserContext } from "../context";
import { changeOwnInstrument } from "./own-instrument";

/**
 * Deletes an instrument. Its photos and clips stay among the media; its documents are released.
 * @throws AppError NOT_FOUND
 */
export async function deleteInstrument(
  ctx: UserContext,
  { instrumentId }: { instrumentId: string },
): Promise<{ deleted: true }> {
  await changeOwnInstrument(ctx, instrumentId, async (tx) => {
    const documents = await tx.instrumentAttachment.findMany({ where: { instrumentId } });
    await tx.instrument.delete({ where: { id: instrumentId } });
    for (const { fileId } of documents)
      await releaseFile(ctx, fromPrisma(tx), { storageId: fileId });
  });
  return { deleted: true };
}
