import type { auth, PageInput } from "@fermata/contract";
import { afterCursor, decodeCursor, fileUrl, newestFirst, toPage } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";

export async function listUsers(
  ctx: UserContext,
  { limit, cursor }: PageInput,
): Promise<z.input<typeof auth.users.output>> {
  const rows = await ctx.db.user.findMany({
    where: afterCursor(decodeCursor(cursor)),
    orderBy: newestFirst,
    take: limit + 1,
    select: {
      id: true,
      email: true,
      name: true,
      role: true,
      avatarId: true,
      createdAt: true,
      disabledAt: true,
      secondFactor: { select: { confirmedAt: true } },
      sessions: {
        where: { expiresAt: { gt: ctx.clock.now() } },
        orderBy: { lastUsedAt: "desc" },
        take: 1,
        select: { lastUsedAt: true },
      },
      invitations: {
        where: { purpose: "invitation", expiresAt: { gt: ctx.clock.now() } },
        take: 1,
        select: { id: true },
      },
    },
  });
  const page = toPage(rows, limit);
  return {
    nextCursor: page.nextCursor,
    items: page.items.map(({ avatarId, createdAt, disabledAt, ...user }) => ({
      id: user.id,
      email: user.email,
      name: user.name,
      role: user.role,
      // The link carries the right of the user whose picture it is.
      avatarUrl: avatarId && fileUrl(ctx, { storageId: avatarId, viewerId: user.id }),
      createdAt: createdAt.toISOString(),
      invited: user.invitations.length > 0,
      disabledAt: disabledAt?.toISOString() ?? null,
      hasSecondFactor: user.secondFactor?.confirmedAt != null,
      lastUsedAt: user.sessions[0]?.lastUsedAt.toISOString() ?? null,
    })),
  };
}
