import type { auth } from "@fermata/contract";
import { AppError, newId } from "@fermata/server/internal";
import type { z } from "zod";
import { type AuditContext, recordAudit } from "../audit/record-audit";
import type { Services } from "../context";
import { createLink } from "./create-link";
import { hashPassword } from "./passwords";
import { requireUncommonPassword } from "./require-uncommon-password";

/**
 * Creates a user with a password, or without one and with an invitation to set it.
 * @throws AppError CONFLICT when the address has an account; INVALID_INPUT for a password that is guessed first
 */
export async function createUser(
  ctx: Pick<Services, "db" | "clock"> & AuditContext & { origin: string },
  input: z.output<typeof auth.createUser.input>,
): Promise<z.input<typeof auth.createUser.output>> {
  const { email, password } = input;
  if (password !== undefined) await requireUncommonPassword(password, { email });
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const user = { id: newId(), email };
  return ctx.db.$transaction(async (tx) => {
    // A statement that skips a duplicate: a failed insert would have to be told apart from other failures.
    const { count } = await tx.user.createMany({
      data: {
        ...user,
        name: input.name ?? null,
        role: input.role,
        passwordHash,
        createdAt: ctx.clock.now(),
      },
      skipDuplicates: true,
    });
    if (count === 0) {
      throw new AppError("CONFLICT", { field: "email" }, "This address has an account already.");
    }
    const inTx = { ...ctx, db: tx };
    const details = { role: input.role };
    if (passwordHash) {
      await recordAudit(inTx, { kind: "user.created", subject: user, details });
      return { userId: user.id };
    }
    await recordAudit(inTx, { kind: "user.invited", subject: user, details });
    const { url } = await createLink(inTx, { userId: user.id, purpose: "invitation" });
    return { userId: user.id, inviteUrl: url };
  });
}
