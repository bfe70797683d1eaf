import { randomInt } from "node:crypto";
import type { Services } from "../../context";
import { newId } from "../../ground/secrets";
import { hashPassword } from "./passwords";

/** Letters and digits that nobody mistakes for another. */
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** 20 characters in groups of five: 98 bits, and still typed without error. */
function newPassword(): string {
  const group = () =>
    Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}

/**
 * Creates the first admin where there is no user at all.
 * @returns null when there are users; else the address, and the password if it was made here: nobody can read it again
 */
export async function ensureFirstAdmin(
  ctx: Pick<Services, "db" | "clock">,
  input: { email: string; password?: string },
): Promise<{ email: string; newPassword: string | null } | null> {
  if ((await ctx.db.user.count({ take: 1 })) > 0) return null;
  const password = input.password ?? newPassword();
  const email = input.email.toLowerCase();
  const { count } = await ctx.db.user.createMany({
    data: {
      id: newId(),
      email,
      role: "admin",
      passwordHash: await hashPassword(password),
      createdAt: ctx.clock.now(),
    },
    // Two servers may start at once.
    skipDuplicates: true,
  });
  if (count === 0) return null;
  return { email, newPassword: input.password === undefined ? password : null };
}
