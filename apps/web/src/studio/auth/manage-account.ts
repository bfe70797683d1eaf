import type { auth } from "@fermata/contract";
import { AppError, endSeats, type Tx } from "@fermata/server/internal";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit";
import type { UserContext } from "../context";
import { createLink } from "./create-link";
import { endSessions } from "./end-sessions";
import { type Account, lastAdmin, lockAccount } from "./lock-account";

/** What an admin does to somebody's account, short of removing it. Each is written down in its own transaction. */
async function change<T>(
  ctx: UserContext,
  userId: string,
  work: (
    inTx: Omit<UserContext, "db"> & { db: Tx },
    account: Account,
    isLastAdmin: boolean,
  ) => Promise<T>,
): Promise<T> {
  return ctx.db.$transaction(async (tx) => {
    const { account, isLastAdmin } = await lockAccount(tx, userId);
    return work({ ...ctx, db: tx }, account, isLastAdmin);
  });
}

const subjectOf = ({ id, email }: Account) => ({ id, email });

/** @throws AppError NOT_FOUND; CONFLICT where a password is set: then a reset is what is meant */
export function inviteAgain(
  ctx: UserContext,
  { userId }: { userId: string },
): Promise<z.input<typeof auth.inviteAgain.output>> {
  return change(ctx, userId, async (inTx, account) => {
    if (account.passwordHash !== null) {
      const advice = "This account has a password already. Make a link to reset it instead.";
      throw new AppError("CONFLICT", undefined, advice);
    }
    const { url, expiresAt } = await createLink(inTx, { userId, purpose: "invitation" });
    await recordAudit(inTx, {
      kind: "user.invited",
      subject: subjectOf(account),
      details: { again: true },
    });
    return { inviteUrl: url, expiresAt };
  });
}

/** @throws AppError NOT_FOUND; CONFLICT for a disabled account */
export function createResetLink(
  ctx: UserContext,
  { userId }: { userId: string },
): Promise<z.input<typeof auth.createResetLink.output>> {
  return change(ctx, userId, async (inTx, account) => {
    if (account.disabledAt) {
      throw new AppError("CONFLICT", undefined, "This account is disabled. Enable it first.");
    }
    const purpose = account.passwordHash === null ? "invitation" : "reset";
    const { url, expiresAt } = await createLink(inTx, { userId, purpose });
    await recordAudit(inTx, { kind: "resetLink.created", subject: subjectOf(account) });
    return { resetUrl: url, expiresAt };
  });
}

/** @throws AppError NOT_FOUND; CONFLICT where no admin would be left */
export function setRole(
  ctx: UserContext,
  { userId, role }: z.output<typeof auth.setRole.input>,
): Promise<z.input<typeof auth.setRole.output>> {
  return change(ctx, userId, async (inTx, account, isLastAdmin) => {
    if (account.role === role) return { role };
    if (isLastAdmin) throw lastAdmin();
    await inTx.db.user.update({ where: { id: userId }, data: { role } });
    await recordAudit(inTx, {
      kind: "user.roleChanged",
      subject: subjectOf(account),
      details: { from: account.role, to: role },
    });
    return { role };
  });
}

/**
 * Keeps somebody from signing in, or lets them again. Disabling ends every session and room seat at once.
 * @throws AppError NOT_FOUND; CONFLICT where no admin would be left
 */
export async function setDisabled(
  ctx: UserContext,
  { userId, disabled }: z.output<typeof auth.setDisabled.input>,
): Promise<z.input<typeof auth.setDisabled.output>> {
  const disabledAt = await change(ctx, userId, async (inTx, account, isLastAdmin) => {
    if ((account.disabledAt !== null) === disabled) return account.disabledAt;
    if (disabled && isLastAdmin) throw lastAdmin();
    const since = disabled ? ctx.clock.now() : null;
    await inTx.db.user.update({ where: { id: userId }, data: { disabledAt: since } });
    await inTx.db.invitation.deleteMany({ where: { userId } });
    const kind = disabled ? "user.disabled" : "user.enabled";
    await recordAudit(inTx, { kind, subject: subjectOf(account) });
    return since;
  });
  if (disabled) {
    await endSessions(ctx, { userId });
    await endSeats(ctx, { userId });
  }
  return { disabledAt: disabledAt?.toISOString() ?? null };
}

/** @throws AppError NOT_FOUND where there is no such user, or no second factor */
export function resetSecondFactor(
  ctx: UserContext,
  { userId }: { userId: string },
): Promise<{ reset: true }> {
  return change(ctx, userId, async (inTx, account) => {
    const { count } = await inTx.db.secondFactor.deleteMany({ where: { userId } });
    if (count === 0) throw new AppError("NOT_FOUND");
    await recordAudit(inTx, { kind: "secondFactor.reset", subject: subjectOf(account) });
    return { reset: true as const };
  });
}
