import { AppError } from "@fermata/server/internal";
import { recordAudit } from "../audit/record-audit";
import { recordFailedSignIn } from "../audit/record-failed-sign-in";
import type { RequestContext } from "../context";
import { checkCode } from "./check-code";
import { checkPassword, type GivenPassword, type PasswordContext } from "./check-password";
import { rememberNetwork } from "./known-networks";

export interface GivenCredentials extends GivenPassword {
  /** A code of the second factor, or a recovery code. */
  totp?: string | undefined;
}

/**
 * The user whom these credentials sign in; written down, and the network remembered.
 * @throws AppError what `checkPassword` throws; UNAUTHENTICATED with `secondFactor: "required"` or `"wrong"`; RATE_LIMITED
 * after twenty wrong codes in a day
 */
export async function verifyCredentials(
  ctx: PasswordContext & Partial<Pick<RequestContext, "identity">>,
  { totp, ...given }: GivenCredentials,
): Promise<{ userId: string }> {
  const { userId, email, place } = await checkPassword(ctx, given);
  const factors = await ctx.db.secondFactor.count({
    where: { userId, confirmedAt: { not: null } },
  });
  const user = { id: userId, email };
  const used = factors > 0 ? await requireSecondFactor(ctx, { user, totp, place }) : null;
  await rememberNetwork(ctx, userId);
  if (used === "recovery") await recordAudit(ctx, { kind: "recoveryCode.used", actor: user });
  await recordAudit(ctx, {
    kind: "signIn.succeeded",
    actor: user,
    details: { secondFactor: used !== null },
  });
  return { userId };
}

async function requireSecondFactor(
  ctx: PasswordContext,
  input: { user: { id: string; email: string }; totp: string | undefined; place: string },
): Promise<"totp" | "recovery"> {
  const { user, totp, place } = input;
  if (!totp) {
    throw new AppError(
      "UNAUTHENTICATED",
      { secondFactor: "required" },
      "A code of the authenticator app is needed as well.",
    );
  }
  const used = await checkCode(ctx, { userId: user.id, code: totp, place });
  if (used) return used;
  await recordFailedSignIn(ctx, user);
  throw new AppError(
    "UNAUTHENTICATED",
    { secondFactor: "wrong" },
    "This code is not right, or its time is over. Wait for the next one.",
  );
}
