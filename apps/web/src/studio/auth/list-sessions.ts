import type { auth, PageInput } from "@fermata/contract";
import { afterCursor, decodeCursor, newestFirst, toPage } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";

export async function listSessions(
  ctx: UserContext,
  { limit, cursor }: PageInput,
): Promise<z.input<typeof auth.sessions.output>> {
  const rows = await ctx.db.session.findMany({
    where: {
      userId: ctx.identity.userId,
      expiresAt: { gt: ctx.clock.now() },
      ...afterCursor(decodeCursor(cursor)),
    },
    orderBy: newestFirst,
    take: limit + 1,
    omit: { tokenHash: true, userId: true },
  });
  const page = toPage(rows, limit);
  return {
    nextCursor: page.nextCursor,
    items: page.items.map(({ id, name, kind, address, createdAt, lastUsedAt, expiresAt }) => ({
      sessionId: id,
      name,
      kind,
      address,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      current: id === ctx.identity.sessionId,
    })),
  };
}
