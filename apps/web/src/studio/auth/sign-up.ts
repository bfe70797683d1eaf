import type { auth } from "@fermata/contract";
import { AppError, networkOf, newId } from "@fermata/server/internal";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit";
import type { RequestContext } from "../context";
import { readSignUpPolicy } from "../settings/sign-up-policy";
import { hashPassword } from "./passwords";
import { requireUncommonPassword } from "./require-uncommon-password";
import { signInRules } from "./sign-in-limits";

/**
 * A member's account for whoever asks, where sign-up is open. An address that has one already is answered alike, and its
 * account stays as it is: who has an account here is nobody's business.
 * @throws AppError FORBIDDEN where accounts are by invitation; RATE_LIMITED after twenty in an hour from one network;
 * INVALID_INPUT for a password that is guessed first
 */
export async function signUp(
  ctx: RequestContext,
  { email, password, name }: z.output<typeof auth.signUp.input>,
): Promise<z.input<typeof auth.signUp.output>> {
  if ((await readSignUpPolicy(ctx)) !== "open") {
    throw new AppError(
      "FORBIDDEN",
      undefined,
      "Accounts are by invitation here. Ask an admin for one.",
    );
  }
  await requireUncommonPassword(password, { email });
  const network = networkOf(ctx.clientAddress);
  await (network === null
    ? ctx.limits.consume("all", 1, signInRules.signUpAnywhere)
    : ctx.limits.consume(network, 1, signInRules.signUp));
  const user = { id: newId(), email };
  const passwordHash = await hashPassword(password);
  const createdAt = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.user.createMany({
      data: { ...user, name: name ?? null, role: "member", passwordHash, createdAt },
      skipDuplicates: true,
    });
    if (count > 0) await recordAudit({ ...ctx, db: tx }, { kind: "user.signedUp", actor: user });
  });
  return { userId: user.id };
}
