import { AppError, type Tx } from "@fermata/server/internal";

export interface Account {
  id: string;
  email: string;
  role: "admin" | "member";
  passwordHash: string | null;
  disabledAt: Date | null;
}

interface AccountRow extends Account {
  canSignIn: boolean;
}

/**
 * Somebody's account. It and all admins are locked, always in one order: two admins who act on each other at once wait
 * for each other, and neither is the last to go.
 * @throws AppError NOT_FOUND
 */
export async function lockAccount(
  tx: Tx,
  userId: string,
): Promise<{ account: Account; isLastAdmin: boolean }> {
  const rows = await tx.$queryRaw<AccountRow[]>`
    SELECT u."id", u."email", u."role"::text AS "role", u."passwordHash", u."disabledAt",
      u."disabledAt" IS NULL AND (u."passwordHash" IS NOT NULL
        OR EXISTS (SELECT 1 FROM "Account" a WHERE a."userId" = u."id")) AS "canSignIn"
    FROM "User" u WHERE u."id" = ${userId} OR u."role" = 'admin' ORDER BY u."id" FOR NO KEY UPDATE OF u`;
  const account = rows.find(({ id }) => id === userId);
  if (!account) throw new AppError("NOT_FOUND");
  const others = rows.filter(
    ({ id, role, canSignIn }) => id !== userId && role === "admin" && canSignIn,
  );
  return { account, isLastAdmin: account.role === "admin" && others.length === 0 };
}

/** What is answered to an act after which nobody could undo it. */
export function lastAdmin(): AppError {
  return new AppError(
    "CONFLICT",
    { reason: "last admin" },
    "No other admin can sign in. Make somebody else an admin first.",
  );
}
