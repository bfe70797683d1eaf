import { limits } from "@fermata/contract";
import { hashToken, newId, newToken, type SessionKind } from "@fermata/server/internal";
import type { RequestContext, Services } from "../context";
import { endSessions, type SessionEnding } from "./end-sessions";
import { unlessRemoved } from "./wrong-pair";

/**
 * Records a sign-in and gives its token, which nobody can read again. Beyond `limits.sessionsPerUser` those go that were
 * not used for the longest.
 * @throws AppError UNAUTHENTICATED where the account is gone
 */
export async function createSession(
  ctx: SessionEnding & Pick<Services, "app"> & Partial<Pick<RequestContext, "clientAddress">>,
  input: { userId: string; kind: SessionKind; name: string },
): Promise<{ token: string; sessionId: string; expiresAt: Date }> {
  const token = newToken("fms");
  const now = ctx.clock.now();
  const expiresAt = new Date(now.getTime() + ctx.app.sessionDays * 86_400_000);
  const written = ctx.db.session.create({
    data: {
      id: newId(),
      tokenHash: hashToken(token),
      userId: input.userId,
      kind: input.kind,
      name: input.name,
      address: ctx.clientAddress ?? null,
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
    },
    select: { id: true },
  });
  const { id } = await unlessRemoved(written);
  await endUnused(ctx, input.userId);
  return { token, sessionId: id, expiresAt };
}

async function endUnused(ctx: SessionEnding, userId: string): Promise<void> {
  const unused = await ctx.db.session.findMany({
    where: { userId },
    orderBy: [{ lastUsedAt: "desc" }, { createdAt: "desc" }],
    skip: limits.sessionsPerUser,
    select: { id: true },
  });
  if (unused.length > 0) await endSessions(ctx, { id: { in: unused.map(({ id }) => id) } });
}
