import type { auth } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { hashPassword } from "./passwords";
import { verifyCredentials } from "./verify-credentials";

/** Changes the password and revokes every other session: whoever knew the old one is out. */
export async function changePassword(
  ctx: UserContext,
  input: z.output<typeof auth.changePassword.input>,
): Promise<z.input<typeof auth.changePassword.output>> {
  const { email, sessionId } = ctx.identity;
  const { userId } = await verifyCredentials(ctx, { email, password: input.currentPassword });
  const passwordHash = await hashPassword(input.newPassword);
  const [, { count }] = await ctx.db.$transaction([
    ctx.db.user.update({ where: { id: userId }, data: { passwordHash } }),
    ctx.db.session.deleteMany({ where: { userId, id: { not: sessionId } } }),
  ]);
  return { revokedSessions: count };
}
