import type { Tx } from "@fermata/server/internal";

/** Makes somebody's instruments another's, with their documents. */
export async function handOverInstruments(
  tx: Tx,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await tx.instrument.updateMany({ where: { ownerId: from }, data: { ownerId: to } });
  await tx.instrumentAttachment.updateMany({ where: { ownerId: from }, data: { ownerId: to } });
}
