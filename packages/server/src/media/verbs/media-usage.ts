import { quotaOf } from "../../bytes/quota-of";
import { usedBytes } from "../../bytes/within-quota";
import type { UserContext } from "../../context";
import { directRoute } from "../uploads/direct-route";

/** What counts against the caller's quota of media: ready ones and open reservations. */
export async function mediaUsage(ctx: UserContext) {
  const { userId } = ctx.identity;
  const quota = quotaOf(ctx, ctx.identity, "media");
  const [used, reserved, count] = await Promise.all([
    usedBytes(ctx, quota),
    ctx.db.media.aggregate({
      where: { userId, status: "pending" },
      _sum: { reservedBytes: true },
    }),
    ctx.db.media.count({ where: { userId, status: "ready", posterOfId: null } }),
  ]);
  return {
    usedBytes: used,
    reservedBytes: Number(reserved._sum.reservedBytes ?? 0),
    quotaBytes: quota.quotaBytes,
    count,
    ...directRoute(ctx),
  };
}
