import type { auth } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { hashToken } from "../../ground/secrets";
import { hashPassword } from "./passwords";

function gone(): AppError {
  return new AppError(
    "NOT_FOUND",
    undefined,
    "This invitation was used or has expired. Ask for a new one.",
  );
}

export async function getInvitation(
  ctx: RequestContext,
  { token }: { token: string },
): Promise<z.input<typeof auth.invitation.output>> {
  const invitation = await ctx.db.invitation.findUnique({
    where: { tokenHash: hashToken(token), expiresAt: { gt: ctx.clock.now() } },
    select: { expiresAt: true, user: { select: { email: true } } },
  });
  if (!invitation) throw gone();
  return { email: invitation.user.email, expiresAt: invitation.expiresAt.toISOString() };
}

/** Sets the first password. A link works once: the row is deleted in the same transaction. */
export async function acceptInvitation(
  ctx: RequestContext,
  input: z.output<typeof auth.acceptInvitation.input>,
): Promise<z.input<typeof auth.acceptInvitation.output>> {
  const tokenHash = hashToken(input.token);
  const open = await ctx.db.invitation.count({ where: { tokenHash } });
  // Hashing a password is dear: not for a token that opens nothing.
  if (open === 0) throw gone();
  const passwordHash = await hashPassword(input.password);
  return ctx.db.$transaction(async (tx) => {
    const [invitation] = await tx.invitation.findMany({
      where: { tokenHash, expiresAt: { gt: ctx.clock.now() } },
      select: { id: true, userId: true },
    });
    const { count } = await tx.invitation.deleteMany({ where: { id: invitation?.id ?? "" } });
    if (!invitation || count === 0) throw gone();
    const user = await tx.user.update({
      where: { id: invitation.userId },
      data: { passwordHash, ...(input.name && { name: input.name }) },
      select: { id: true, email: true },
    });
    return { userId: user.id, email: user.email };
  });
}
