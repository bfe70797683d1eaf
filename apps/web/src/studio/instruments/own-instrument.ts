import { AppError, forgetReadable, type InstrumentModel, type Tx } from "@fermata/server/internal";
import type { UserContext } from "../context";

/** @throws AppError NOT_FOUND, for somebody else's as for a missing one */
export async function findOwnInstrument(
  ctx: UserContext,
  instrumentId: string,
): Promise<InstrumentModel> {
  const instrument = await ctx.db.instrument.findFirst({
    where: { id: instrumentId, ownerId: ctx.identity.userId },
  });
  if (!instrument) throw new AppError("NOT_FOUND");
  return instrument;
}

/**
 * Changes an instrument of the caller's and what hangs on it, one change at a time.
 * @throws AppError NOT_FOUND, for somebody else's as for a missing one
 */
export async function changeOwnInstrument<T>(
  ctx: UserContext,
  instrumentId: string,
  change: (tx: Tx) => Promise<T>,
): Promise<T> {
  const changed = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.instrument.updateMany({
      where: { id: instrumentId, ownerId: ctx.identity.userId },
      data: { updatedAt: ctx.clock.now() },
    });
    if (count === 0) throw new AppError("NOT_FOUND");
    return change(tx);
  });
  // Its documents may no longer be for everybody.
  forgetReadable(ctx);
  return changed;
}
