import type { auth } from "@fermata/contract";
import type { z } from "zod";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { hashToken, newId, newToken } from "../../ground/secrets";
import { hashPassword } from "./passwords";

const invitationDays = 7;

/**
 * Creates a user with a password, or without one and with an invitation to set it.
 * @throws AppError CONFLICT when the address has an account
 */
export async function createUser(
  ctx: Pick<Services, "db" | "clock"> & { origin: string },
  input: z.output<typeof auth.createUser.input>,
): Promise<z.input<typeof auth.createUser.output>> {
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  const userId = newId();
  const createdAt = ctx.clock.now();
  const token = passwordHash ? null : newToken("fmx");

  // A statement that skips a duplicate: a failed insert would have to be told apart from other failures.
  const { count } = await ctx.db.user.createMany({
    data: {
      id: userId,
      email: input.email,
      name: input.name ?? null,
      role: input.role,
      passwordHash,
      createdAt,
    },
    skipDuplicates: true,
  });
  if (count === 0) {
    throw new AppError("CONFLICT", { field: "email" }, "This address has an account already.");
  }
  if (!token) return { userId };

  await ctx.db.invitation.create({
    data: {
      id: newId(),
      tokenHash: hashToken(token),
      userId,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + invitationDays * 86_400_000),
    },
  });
  const inviteUrl = new URL("/invite", ctx.origin);
  inviteUrl.searchParams.set("token", token);
  return { userId, inviteUrl: inviteUrl.toString() };
}
