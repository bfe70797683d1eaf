import type { auth } from "@fermata/contract";
import { AppError, type Tx } from "@fermata/server/internal";
import { Secret } from "otpauth";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit";
import type { UserContext } from "../context";
import { authenticatorOf, checkCode, hashRecoveryCode, sealPurpose } from "./check-code";
import { checkPassword } from "./check-password";
import { newReadableCode } from "./readable-code";
import { seal } from "./seal";

const recoveryCodes = 10;

export async function getSecondFactor(
  ctx: UserContext,
): Promise<z.input<typeof auth.secondFactor.output>> {
  const factor = await ctx.db.secondFactor.findUnique({
    where: { userId: ctx.identity.userId, confirmedAt: { not: null } },
    select: { confirmedAt: true, _count: { select: { recoveryCodes: true } } },
  });
  return {
    on: factor !== null,
    since: factor?.confirmedAt?.toISOString() ?? null,
    recoveryCodesLeft: factor?._count.recoveryCodes ?? 0,
  };
}

/** @throws AppError CONFLICT where one is on already; what `checkPassword` throws */
export async function startSecondFactor(
  ctx: UserContext,
  { password }: { password: string },
): Promise<z.input<typeof auth.startSecondFactor.output>> {
  const { userId, email } = await checkPassword(ctx, { email: ctx.identity.email, password });
  await refuseWhereOn(ctx, userId);
  const secret = new Secret({ size: 20 }).base32;
  const data = {
    sealedSecret: seal(ctx.config.urlSecret, sealPurpose, secret),
    createdAt: ctx.clock.now(),
    lastStep: null,
  };
  // An earlier attempt that was not confirmed is void.
  await ctx.db.secondFactor.upsert({
    where: { userId, confirmedAt: null },
    create: { userId, ...data },
    update: data,
  });
  return { secret, uri: authenticatorOf(secret, email).toString() };
}

/** @throws AppError INVALID_INPUT for a wrong code, CONFLICT where there is nothing to confirm */
export async function confirmSecondFactor(
  ctx: UserContext,
  { totp }: { totp: string },
): Promise<{ recoveryCodes: string[] }> {
  const { userId } = ctx.identity;
  await refuseWhereOn(ctx, userId);
  await requireCode(ctx, totp);
  return ctx.db.$transaction(async (tx) => {
    const { count } = await tx.secondFactor.updateMany({
      where: { userId, confirmedAt: null },
      data: { confirmedAt: ctx.clock.now() },
    });
    if (count === 0) throw new AppError("CONFLICT");
    await recordAudit({ ...ctx, db: tx }, { kind: "secondFactor.turnedOn" });
    return replaceRecoveryCodes(tx, userId);
  });
}

/** @throws AppError INVALID_INPUT for a wrong code, NOT_FOUND where none is on */
export async function renewRecoveryCodes(
  ctx: UserContext,
  { totp }: { totp: string },
): Promise<{ recoveryCodes: string[] }> {
  await requireOn(ctx);
  await requireCode(ctx, totp);
  return ctx.db.$transaction(async (tx) => {
    await recordAudit({ ...ctx, db: tx }, { kind: "recoveryCodes.renewed" });
    return replaceRecoveryCodes(tx, ctx.identity.userId);
  });
}

/** @throws AppError INVALID_INPUT for a wrong code, NOT_FOUND where none is on */
export async function turnOffSecondFactor(
  ctx: UserContext,
  { totp }: { totp: string },
): Promise<{ on: false }> {
  await requireOn(ctx);
  await requireCode(ctx, totp);
  await ctx.db.$transaction(async (tx) => {
    await tx.secondFactor.deleteMany({ where: { userId: ctx.identity.userId } });
    await recordAudit({ ...ctx, db: tx }, { kind: "secondFactor.turnedOff" });
  });
  return { on: false };
}

async function replaceRecoveryCodes(tx: Tx, userId: string): Promise<{ recoveryCodes: string[] }> {
  const codes = Array.from({ length: recoveryCodes }, () => newReadableCode(4, 4));
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ userId, codeHash: hashRecoveryCode(userId, code) })),
  });
  return { recoveryCodes: codes };
}

async function requireCode(ctx: UserContext, code: string): Promise<void> {
  const { userId, sessionId } = ctx.identity;
  if (await checkCode(ctx, { userId, code, place: sessionId })) return;
  const message = "This code is not right, or its time is over. Wait for the next one.";
  throw new AppError("INVALID_INPUT", { issues: [{ path: "totp", message }] }, message);
}

async function requireOn(ctx: UserContext): Promise<void> {
  if (!(await getSecondFactor(ctx)).on) throw new AppError("NOT_FOUND");
}

async function refuseWhereOn(ctx: UserContext, userId: string): Promise<void> {
  const on = await ctx.db.secondFactor.count({ where: { userId, confirmedAt: { not: null } } });
  if (on > 0)
    throw new AppError("CONFLICT", undefined, "A second factor is on. Turn it off first.");
}
