import type { auth } from "@fermata/contract";
import {
  AppError,
  closeRoomsOf,
  deleteUserRows,
  endSeats,
  forgetReadable,
  fromPrisma,
  handOverUserRows,
  type Tx,
} from "@fermata/server/internal";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit";
import type { UserContext } from "../context";
import { handOverInstruments } from "../instruments/hand-over-instruments";
import { endSessions } from "./end-sessions";
import { lastAdmin, lockAccount } from "./lock-account";

/**
 * Removes an account for good, with what it has or after that became somebody else's. The bytes go by the outbox. What it
 * did stays in the audit log.
 * @throws AppError NOT_FOUND for either user; CONFLICT where no admin would be left; INVALID_INPUT for a hand-over to itself
 */
export async function removeUser(
  ctx: UserContext,
  { userId, belongings }: z.output<typeof auth.removeUser.input>,
): Promise<{ removed: true }> {
  const heirId = belongings === "delete" ? null : belongings.handOverTo;
  if (heirId === userId) {
    const message = "somebody else than the account that goes";
    throw new AppError("INVALID_INPUT", {
      issues: [{ path: "belongings.handOverTo", message }],
    });
  }
  // Nothing new comes while it goes: from here on the account opens nothing.
  await ctx.db.$transaction(async (tx) => {
    const { isLastAdmin } = await lockAccount(tx, userId);
    if (isLastAdmin) throw lastAdmin();
    if (heirId !== null) await findHeir(tx, heirId);
    await tx.user.update({ where: { id: userId }, data: { disabledAt: ctx.clock.now() } });
  });
  await endSessions(ctx, { userId });
  await endSeats(ctx, { userId });
  if (heirId === null) await closeRoomsOf(ctx, userId);

  // A cascade over everything that somebody has.
  await ctx.db.$transaction((tx) => remove(ctx, tx, { userId, heirId }), { timeout: 120_000 });
  forgetReadable(ctx);
  return { removed: true };
}

async function remove(
  ctx: UserContext,
  tx: Tx,
  { userId, heirId }: { userId: string; heirId: string | null },
): Promise<void> {
  const { account } = await lockAccount(tx, userId);
  const heir = heirId === null ? null : await findHeir(tx, heirId);
  if (heir) await handOver(ctx, tx, userId, heir.id);
  await deleteUserRows(ctx, fromPrisma(tx), userId);
  await tx.user.delete({ where: { id: userId } });
  await recordAudit(
    { ...ctx, db: tx },
    {
      kind: "user.removed",
      subject: { id: account.id, email: account.email },
      details: { handedOverTo: heir?.email ?? null },
    },
  );
}

async function handOver(ctx: UserContext, tx: Tx, from: string, to: string): Promise<void> {
  const user = await tx.user.findUnique({ where: { id: from }, select: { avatarId: true } });
  const except = user?.avatarId ? [user.avatarId] : [];
  await handOverUserRows(fromPrisma(tx), { from, to, except, now: ctx.clock.now() });
  await handOverInstruments(tx, { from, to });
}

async function findHeir(tx: Tx, id: string): Promise<{ id: string; email: string }> {
  const heir = await tx.user.findUnique({ where: { id }, select: { id: true, email: true } });
  if (!heir) throw new AppError("NOT_FOUND", { field: "belongings.handOverTo" });
  return heir;
}
