import type { Services } from "../context";

export type SignUpPolicy = "invitation" | "open";

const key = "signUp";

/** By invitation, until an admin opens it. */
export async function readSignUpPolicy(ctx: Pick<Services, "db">): Promise<SignUpPolicy> {
  const row = await ctx.db.setting.findUnique({ where: { key } });
  return row?.value === "open" ? "open" : "invitation";
}

export async function writeSignUpPolicy(
  ctx: Pick<Services, "db" | "clock">,
  { signUp }: { signUp: SignUpPolicy },
): Promise<{ signUp: SignUpPolicy }> {
  const data = { value: signUp, updatedAt: ctx.clock.now() };
  await ctx.db.setting.upsert({ where: { key }, create: { key, ...data }, update: data });
  return { signUp };
}
