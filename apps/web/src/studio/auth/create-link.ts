import { hashToken, type LinkPurpose, newId, newToken, type Tx } from "@fermata/server/internal";
import type { Services } from "../context";

/** How long a link opens something. A reset opens an account that holds things already. */
const seconds = { invitation: 7 * 86_400, reset: 3600 } as const satisfies Record<
  LinkPurpose,
  number
>;

/** A link by which a user sets a password, once. Earlier ones of theirs are void. */
export async function createLink(
  ctx: Pick<Services, "clock"> & { db: Tx; origin: string },
  { userId, purpose }: { userId: string; purpose: LinkPurpose },
): Promise<{ url: string; expiresAt: string }> {
  const token = newToken("fmx");
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + seconds[purpose] * 1000);
  await ctx.db.invitation.deleteMany({ where: { userId } });
  await ctx.db.invitation.create({
    data: { id: newId(), tokenHash: hashToken(token), userId, purpose, createdAt, expiresAt },
  });
  const url = new URL("/invite", ctx.origin);
  url.searchParams.set("token", token);
  return { url: url.toString(), expiresAt: expiresAt.toISOString() };
}
