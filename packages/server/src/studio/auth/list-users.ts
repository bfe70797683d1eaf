import type { auth, PageInput } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { fileUrl } from "../../files/serving/file-url";
import { afterCursor, decodeCursor, newestFirst, toPage } from "../../ground/paging";

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
      _count: { select: { invitations: true } },
    },
  });
  const page = toPage(rows, limit);
  return {
    nextCursor: page.nextCursor,
    items: page.items.map(({ avatarId, createdAt, _count, ...user }) => ({
      ...user,
      // The link carries the right of the user whose picture it is.
      avatarUrl: avatarId && fileUrl(ctx, { storageId: avatarId, viewerId: user.id }),
      createdAt: createdAt.toISOString(),
      invited: _count.invitations > 0,
    })),
  };
}
