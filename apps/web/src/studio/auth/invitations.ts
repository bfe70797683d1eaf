import type { auth } from "@fermata/contract";
import { AppError, endSeats, hashToken, networkOf } from "@fermata/server/internal";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit";
import type { RequestContext } from "../context";
import { endSessions } from "./end-sessions";
import { hashPassword } from "./passwords";
import { requireUncommonPassword } from "./require-uncommon-password";
import { signInRules } from "./sign-in-limits";

async function gone(ctx: RequestContext): Promise<AppError> {
  const network = networkOf(ctx.clientAddress);
  if (network !== null) await ctx.limits.consume(network, 1, signInRules.link);
  return new AppError(
    "NOT_FOUND",
    undefined,
    "This link was used or has expired. Ask an admin for a new one.",
  );
}

/** @throws AppError NOT_FOUND for a link that opens nothing (any more) */
export async function getInvitation(
  ctx: RequestContext,
  { token }: { token: string },
): Promise<z.input<typeof auth.invitation.output>> {
  const invitation = await ctx.db.invitation.findUnique({
    where: { tokenHash: hashToken(token), expiresAt: { gt: ctx.clock.now() } },
    select: { expiresAt: true, purpose: true, user: { select: { email: true } } },
  });
  if (!invitation) throw await gone(ctx);
  const { expiresAt, purpose, user } = invitation;
  return { email: user.email, expiresAt: expiresAt.toISOString(), purpose };
}

/**
 * Sets the first password, or a new one for one that was lost. A link works once: the row is deleted in the same
 * transaction. A new one ends every session and room seat of the account.
 * @throws AppError NOT_FOUND for a link that opens nothing; INVALID_INPUT for a password that is guessed first
 */
export async function acceptInvitation(
  ctx: RequestContext,
  input: z.output<typeof auth.acceptInvitation.input>,
): Promise<z.input<typeof auth.acceptInvitation.output>> {
  const tokenHash = hashToken(input.token);
  const where = { tokenHash, expiresAt: { gt: ctx.clock.now() } };
  const open = await ctx.db.invitation.findUnique({ where, select: { user: true, purpose: true } });
  // Hashing a password is dear: not for a token that opens nothing.
  if (!open) throw await gone(ctx);
  const { id: userId, email } = open.user;
  await requireUncommonPassword(input.password, { email });
  const passwordHash = await hashPassword(input.password);
  const done = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.invitation.deleteMany({ where });
    if (count === 0) return false;
    const { name } = input;
    await tx.user.update({ where: { id: userId }, data: { passwordHash, ...(name && { name }) } });
    await tx.knownNetwork.deleteMany({ where: { userId } });
    const kind = open.purpose === "reset" ? "password.reset" : "invitation.accepted";
    await recordAudit({ ...ctx, db: tx }, { kind, actor: { id: userId, email } });
    return true;
  });
  if (!done) throw await gone(ctx);
  if (open.purpose === "reset") {
    await endSessions(ctx, { userId });
    await endSeats(ctx, { userId });
  }
  return { userId, email };
}
