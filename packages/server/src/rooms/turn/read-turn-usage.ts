import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";

/** How many credentials were minted since midnight UTC. */
export async function readTurnUsage(
  ctx: UserContext,
): Promise<z.output<typeof signaling.turnUsage.output>> {
  const midnight = ctx.clock.now();
  midnight.setUTCHours(0, 0, 0, 0);
  const mintedToday = await ctx.db.turnGrant.count({ where: { createdAt: { gte: midnight } } });
  return { provider: ctx.ice.name, mintedToday };
}
