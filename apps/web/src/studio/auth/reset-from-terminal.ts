import { endSeats } from "@fermata/server/internal";
import { recordAudit } from "../audit/record-audit";
import { endSessions, type SessionEnding } from "./end-sessions";
import { hashPassword } from "./passwords";
import { newReadableCode } from "./readable-code";

export interface TerminalReset {
  email: string;
  /** 98 random bits, kept nowhere but as a hash. */
  password: string;
  role: "admin" | "member";
  /** It was disabled, and is not any more. */
  enabled: boolean;
  hadSecondFactor: boolean;
  endedSessions: number;
}

/**
 * Gives an account a new password, for whoever has the machine: the way back where nobody can sign in. The account is
 * enabled, its sessions and room seats end. The second factor goes only where that is asked for.
 * @returns null where the address has no account
 */
export async function resetFromTerminal(
  ctx: SessionEnding,
  input: { email: string; removeSecondFactor: boolean },
): Promise<TerminalReset | null> {
  const email = input.email.trim().toLowerCase();
  const user = await ctx.db.user.findUnique({
    where: { email },
    select: {
      id: true,
      role: true,
      disabledAt: true,
      secondFactor: { select: { confirmedAt: true } },
    },
  });
  if (!user) return null;
  const password = newReadableCode(4, 5);
  const passwordHash = await hashPassword(password);
  const { id: userId } = user;
  const subject = { id: userId, email };
  await ctx.db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: userId }, data: { passwordHash, disabledAt: null } });
    await tx.knownNetwork.deleteMany({ where: { userId } });
    await tx.invitation.deleteMany({ where: { userId } });
    if (input.removeSecondFactor) await tx.secondFactor.deleteMany({ where: { userId } });
    const details = { terminal: true, secondFactorRemoved: input.removeSecondFactor };
    await recordAudit(
      { clock: ctx.clock, db: tx },
      { kind: "password.reset", actor: null, subject, details },
    );
  });
  const endedSessions = await endSessions(ctx, { userId });
  await endSeats(ctx, { userId });
  return {
    email,
    password,
    role: user.role,
    enabled: user.disabledAt !== null,
    hadSecondFactor: user.secondFactor?.confirmedAt != null,
    endedSessions,
  };
}
