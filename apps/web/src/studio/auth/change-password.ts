import type { auth } from "@fermata/contract";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit";
import type { UserContext } from "../context";
import { checkPassword } from "./check-password";
import { endSessions } from "./end-sessions";
import { hashPassword } from "./passwords";
import { requireUncommonPassword } from "./require-uncommon-password";

/**
 * Changes the password and ends every other session: whoever knew the old one is out, of rooms as well.
 * @throws AppError what `checkPassword` throws; INVALID_INPUT for a password that is guessed first
 */
export async function changePassword(
  ctx: UserContext,
  input: z.output<typeof auth.changePassword.input>,
): Promise<z.input<typeof auth.changePassword.output>> {
  const { email, sessionId } = ctx.identity;
  await requireUncommonPassword(input.newPassword, { email, field: "newPassword" });
  const { userId } = await checkPassword(ctx, { email, password: input.currentPassword });
  const passwordHash = await hashPassword(input.newPassword);
  await ctx.db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: userId }, data: { passwordHash } });
    // Where somebody signed in from who should not have is no longer known.
    await tx.knownNetwork.deleteMany({ where: { userId } });
    await tx.invitation.deleteMany({ where: { userId } });
    await recordAudit({ ...ctx, db: tx }, { kind: "password.changed" });
  });
  const revokedSessions = await endSessions(ctx, { userId, id: { not: sessionId } });
  return { revokedSessions };
}
