import { usedBytes } from "../bytes/within-quota";
import type { UserContext } from "../context";

/** What counts against the caller's quota of media: ready ones and open reservations. */
export async function mediaUsage(ctx: UserContext) {
  const { userId } = ctx.identity;
  const [used, count] = await Promise.all([
    usedBytes(ctx, { userId, kind: "media" }),
    ctx.db.media.count({ where: { userId, status: "ready", posterOfId: null } }),
  ]);
  return { usedBytes: used, quotaBytes: ctx.config.mediaQuotaBytes, count };
}
