import { hashToken } from "@fermata/server/internal";
import type { Services, UserIdentity } from "../context";

/** `lastUsedAt` is as fine as this: a write for every request would cost more than the fact is worth. */
const lastUsedStepMs = 60_000;

/** Whose sign-in this token is. Read from the database every time, so a revoked one fails on its next use. */
export async function resolveSession(
  ctx: Pick<Services, "db" | "clock">,
  token: string | null,
): Promise<UserIdentity | null> {
  if (!token?.startsWith("fms_")) return null;

  const session = await ctx.db.session.findUnique({
    where: { tokenHash: hashToken(token) },
    select: {
      id: true,
      expiresAt: true,
      lastUsedAt: true,
      user: {
        select: { id: true, email: true, name: true, role: true, avatarId: true, disabledAt: true },
      },
    },
  });
  const now = ctx.clock.now();
  // Disabling ends the sessions; one that was begun in that moment opens nothing either.
  if (!session || session.expiresAt <= now || session.user.disabledAt) return null;
  if (now.getTime() - session.lastUsedAt.getTime() > lastUsedStepMs) {
    await ctx.db.session.updateMany({ where: { id: session.id }, data: { lastUsedAt: now } });
  }
  const { id: userId, email, name, role, avatarId } = session.user;
  const sessionId = session.id;
  return { kind: "user", userId, tenantId: null, email, name, role, avatarId, sessionId };
}
