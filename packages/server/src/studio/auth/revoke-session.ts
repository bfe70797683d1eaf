import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";

export async function revokeSession(
  ctx: UserContext,
  { sessionId }: { sessionId: string },
): Promise<{ revoked: true }> {
  const { count } = await ctx.db.session.deleteMany({
    where: { id: sessionId, userId: ctx.identity.userId },
  });
  if (count === 0) throw new AppError("NOT_FOUND");
  return { revoked: true };
}
