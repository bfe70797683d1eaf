import type { Instrument } from "@fermata/contract";
import type { UserContext } from "../context";
import { changeOwnInstrument } from "./own-instrument";
import { readInstrument } from "./read-instrument";

/**
 * Shows an instrument to everybody, or to nobody but its owner again. Publishing what is published keeps its instant.
 * @throws AppError NOT_FOUND
 */
export async function publishInstrument(
  ctx: UserContext,
  { instrumentId, published }: { instrumentId: string; published: boolean },
): Promise<Instrument> {
  await changeOwnInstrument(ctx, instrumentId, (tx) =>
    tx.instrument.updateMany({
      where: { id: instrumentId, ...(published && { publishedAt: null }) },
      data: { publishedAt: published ? ctx.clock.now() : null },
    }),
  );
  return readInstrument(ctx, instrumentId);
}
