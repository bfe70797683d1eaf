import type { Services } from "../context";
import type { Tx } from "../ground/db";
import { AppError } from "../ground/errors";
import type { Transaction } from "../ground/transaction";
import type { Quota } from "./quota-of";

/**
 * Runs an insert that reserves bytes, and takes it back when the quota would be exceeded.
 * The trigger on the row locks the subject's usage until commit, so any number of grants at once are counted one by one.
 * @throws AppError QUOTA_EXCEEDED
 */
export function withinQuota<T>(
  ctx: Pick<Services, "db">,
  { subject, kind, quotaBytes }: Quota,
  insert: (tx: Tx) => Promise<T>,
): Promise<T> {
  return ctx.db.$transaction(
    async (tx) => {
      const row = await insert(tx);
      const usage = await tx.usage.findUnique({
        where: { userId_kind: { userId: subject, kind } },
      });
      if (usage && usage.bytes > quotaBytes)
        throw new AppError("QUOTA_EXCEEDED", { limitBytes: quotaBytes, quotaBytes });
      return row;
    },
    { maxWait: 10_000, timeout: 20_000 },
  );
}

/** What the quota counts now. */
export async function usedBytes(
  ctx: Pick<Services, "db">,
  { subject, kind }: Pick<Quota, "subject" | "kind">,
): Promise<number> {
  const usage = await ctx.db.usage.findUnique({
    where: { userId_kind: { userId: subject, kind } },
  });
  return Number(usage?.bytes ?? 0);
}

/** Forgets what was counted for a user. */
export async function forgetUsageOf(tx: Transaction, userId: string): Promise<void> {
  await tx.query(`DELETE FROM "Usage" WHERE "userId" = $1`, [userId]);
}
