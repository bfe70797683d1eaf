import { createHash } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { RequestContext } from "../context";
import { readReadableCode } from "./readable-code";
import { unseal } from "./seal";
import { signInRules, take, tooManyAttempts } from "./sign-in-limits";

const periodSeconds = 30;
/** A clock that goes wrong by less than a period is forgiven. */
const window = 1;

export const sealPurpose = "second factor";

export function authenticatorOf(secret: string, label = ""): TOTP {
  return new TOTP({
    issuer: "Fermata",
    label,
    secret: Secret.fromBase32(secret),
    digits: 6,
    period: periodSeconds,
  });
}

/** How a recovery code is kept. 79 random bits cannot be tried out. */
export function hashRecoveryCode(userId: string, code: string): Uint8Array<ArrayBuffer> {
  const text = `${userId}:${readReadableCode(code)}`;
  return new Uint8Array(createHash("sha256").update(text).digest());
}

export type CodeContext = Pick<RequestContext, "db" | "clock" | "config" | "limits">;

/**
 * Takes a code of a user's second factor, or one of their recovery codes, each at most once.
 * @param place the device or network that is known, or `elsewhere`: wrong ones are counted by it
 * @returns what it was; null for a wrong one
 * @throws AppError RATE_LIMITED after twenty wrong ones in a day
 */
export async function checkCode(
  ctx: CodeContext,
  { userId, code, place }: { userId: string; code: string; place: string },
): Promise<"totp" | "recovery" | null> {
  const key = `${userId}:${place}`;
  const wait = await take(ctx, key, signInRules.code);
  if (wait !== null) throw tooManyAttempts(wait);
  const digits = code.replace(/[\s-]/g, "");
  const kind = /^\d{6}$/.test(digits)
    ? (await takeTotp(ctx, userId, digits)) && "totp"
    : (await takeRecoveryCode(ctx, userId, code)) && "recovery";
  if (!kind) return null;
  await ctx.limits.forget(key, signInRules.code);
  return kind;
}

async function takeTotp(ctx: CodeContext, userId: string, token: string): Promise<boolean> {
  const factor = await ctx.db.secondFactor.findUnique({
    where: { userId },
    select: { sealedSecret: true },
  });
  const secret = factor && unseal(ctx.config.urlSecret, sealPurpose, factor.sealedSecret);
  if (!secret) return false;
  const timestamp = ctx.clock.now().getTime();
  const delta = authenticatorOf(secret).validate({ token, window, timestamp });
  if (delta === null) return false;
  const step = Math.floor(timestamp / (periodSeconds * 1000)) + delta;
  // Whoever looked over a shoulder comes too late, and of two at once one is.
  const { count } = await ctx.db.secondFactor.updateMany({
    where: { userId, OR: [{ lastStep: null }, { lastStep: { lt: step } }] },
    data: { lastStep: step },
  });
  return count > 0;
}

async function takeRecoveryCode(ctx: CodeContext, userId: string, code: string): Promise<boolean> {
  const codeHash = hashRecoveryCode(userId, code);
  const { count } = await ctx.db.recoveryCode.deleteMany({ where: { userId, codeHash } });
  return count > 0;
}
