import { AppError } from "@fermata/server/internal";
import { recordAudit } from "../audit/record-audit";
import type { UserContext } from "../context";
import { endSessions } from "./end-sessions";

/** Ends one of the caller's own sign-ins, with the room seats that it took. */
export async function revokeSession(
  ctx: UserContext,
  { sessionId }: { sessionId: string },
): Promise<{ revoked: true }> {
  const { userId } = ctx.identity;
  const session = await ctx.db.session.findUnique({
    where: { id: sessionId, userId },
    select: { name: true },
  });
  const ended = session && (await endSessions(ctx, { id: sessionId, userId }));
  if (!ended) throw new AppError("NOT_FOUND");
  await recordAudit(ctx, { kind: "session.revoked", details: { session: session.name } });
  return { revoked: true };
}
