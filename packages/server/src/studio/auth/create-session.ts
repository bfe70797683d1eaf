import type { Services } from "../../context";
import type { SessionKind } from "../../generated/prisma/enums";
import { hashToken, newId, newToken } from "../../ground/secrets";

/** Records a sign-in and gives its token, which nobody can read again. */
export async function createSession(
  ctx: Pick<Services, "db" | "clock" | "config">,
  input: { userId: string; kind: SessionKind; name: string },
): Promise<{ token: string; sessionId: string; expiresAt: Date }> {
  const token = newToken("fms");
  const now = ctx.clock.now();
  const expiresAt = new Date(now.getTime() + ctx.config.sessionDays * 86_400_000);
  const { id } = await ctx.db.session.create({
    data: {
      id: newId(),
      tokenHash: hashToken(token),
      userId: input.userId,
      kind: input.kind,
      name: input.name,
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
    },
    select: { id: true },
  });
  return { token, sessionId: id, expiresAt };
}
