import { newId } from "@fermata/server/internal";
import { recordAudit } from "../audit/record-audit";
import type { Services } from "../context";
import { hashPassword } from "./passwords";
import { newReadableCode } from "./readable-code";
import { requireUncommonPassword } from "./require-uncommon-password";

/**
 * Creates the first admin where there is no user at all.
 * @returns null when there are users; else the address, and the password if it was made here: nobody can read it again
 * @throws AppError INVALID_INPUT for a password that is guessed first
 */
export async function ensureFirstAdmin(
  ctx: Pick<Services, "db" | "clock">,
  input: { email: string; password?: string },
): Promise<{ email: string; newPassword: string | null } | null> {
  if ((await ctx.db.user.count({ take: 1 })) > 0) return null;
  const email = input.email.toLowerCase();
  if (input.password !== undefined) {
    const called = "FERMATA_ADMIN_PASSWORD";
    await requireUncommonPassword(input.password, { email, called });
  }
  // 98 bits.
  const password = input.password ?? newReadableCode(4, 5);
  const user = { id: newId(), email };
  const { count } = await ctx.db.user.createMany({
    data: {
      ...user,
      role: "admin",
      passwordHash: await hashPassword(password),
      createdAt: ctx.clock.now(),
    },
    // Two servers may start at once.
    skipDuplicates: true,
  });
  if (count === 0) return null;
  await recordAudit(ctx, {
    kind: "user.created",
    actor: null,
    subject: user,
    details: { role: "admin", first: true },
  });
  return { email, newPassword: input.password === undefined ? password : null };
}
