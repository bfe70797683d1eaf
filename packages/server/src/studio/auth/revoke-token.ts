import type { Services } from "../../context";
import { hashToken } from "../../ground/secrets";

/** Signing out: whoever holds the token may end it. */
export async function revokeToken(ctx: Pick<Services, "db">, token: string): Promise<void> {
  await ctx.db.session.deleteMany({ where: { tokenHash: hashToken(token) } });
}
