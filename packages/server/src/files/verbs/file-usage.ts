import { quotaOf } from "../../bytes/quota-of";
import { usedBytes } from "../../bytes/within-quota";
import type { UserContext } from "../../context";

/** What counts against the caller's quota of files: ready ones and open grants. */
export async function fileUsage(ctx: UserContext) {
  const { userId } = ctx.identity;
  const quota = quotaOf(ctx, ctx.identity, "files");
  const [used, reserved, count] = await Promise.all([
    usedBytes(ctx, quota),
    ctx.db.file.aggregate({
      where: { uploaderId: userId, status: { in: ["pending", "receiving"] } },
      _sum: { sizeBytes: true },
    }),
    ctx.db.file.count({ where: { uploaderId: userId, status: "ready" } }),
  ]);
  return {
    usedBytes: used,
    reservedBytes: reserved._sum.sizeBytes ?? 0,
    quotaBytes: quota.quotaBytes,
    count,
  };
}
