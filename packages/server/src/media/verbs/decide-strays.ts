import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";

/**
 * An admin's word about the objects that sweeps found without a row, as they stand now. Those to delete go with the first
 * sweep a week after they were seen; those to keep are not asked about again.
 */
export async function decideStrays(
  ctx: UserContext,
  { decision }: z.output<typeof storage.decideStrays.input>,
): Promise<z.input<typeof storage.decideStrays.output>> {
  const now = ctx.clock.now();
  const [{ count }] = await ctx.db.$transaction([
    ctx.db.stray.updateMany({ where: { decision: null }, data: { decision, decidedAt: now } }),
    ctx.db.installation.updateMany({ data: { askedAt: null, askedOfSeen: null } }),
  ]);
  ctx.log.warn({ decision, count, by: ctx.identity.userId }, "objects without a row were decided");
  return { count };
}
