import { newId } from "../../ground/secrets";
import type { OwnerCtx } from "../owner/look-at-store";
import { databaseName, lookAtStore, mark } from "../owner/look-at-store";

/**
 * Makes the store this installation's, whoever's it was. The installation takes a new name, so that a copy of its database
 * elsewhere finds the store foreign from then on. What lies there now is from before: sweeps ask about it.
 * @throws AppError UPSTREAM_UNAVAILABLE when the store does not answer
 */
export async function adoptStore(
  ctx: OwnerCtx,
): Promise<{ adopted: true; installationId: string; from: string | null }> {
  const before = await lookAtStore(ctx);
  const installationId = newId();
  await mark(ctx, { installationId, turn: 0 });
  const database = await databaseName(ctx);
  const now = ctx.clock.now();
  await ctx.db.$transaction([
    ctx.db.installation.update({
      where: { id: before.id },
      data: {
        installationId,
        database,
        turn: 0,
        standing: "ours",
        boundAt: now,
        holdsBack: false,
        foundId: null,
        checkedAt: now,
        askedAt: null,
        askedOfSeen: null,
      },
    }),
    // What they were held against was another's.
    ctx.db.stray.deleteMany(),
  ]);
  ctx.log.warn({ installationId, from: before.foundId }, "the store was taken over");
  return { adopted: true, installationId, from: before.foundId };
}
