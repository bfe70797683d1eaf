import type { Instrument, instruments } from "@fermata/contract";
import { AppError } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";
import { isTaken, toColumns } from "./details";
import { changeOwnInstrument } from "./own-instrument";
import { readInstrument } from "./read-instrument";

/**
 * Changes what is said of an instrument; what is left out stays.
 * @throws AppError NOT_FOUND, CONFLICT when the slug is taken
 */
export async function updateInstrument(
  ctx: UserContext,
  { instrumentId, name, slug, ...details }: z.output<typeof instruments.update.input>,
): Promise<Instrument> {
  try {
    await changeOwnInstrument(ctx, instrumentId, (tx) =>
      tx.instrument.update({
        where: { id: instrumentId },
        data: { ...toColumns(details), ...(name && { name }), ...(slug && { slug }) },
      }),
    );
  } catch (error) {
    if (isTaken(error)) throw new AppError("CONFLICT", { slug: slug ?? "taken" });
    throw error;
  }
  return readInstrument(ctx, instrumentId);
}
