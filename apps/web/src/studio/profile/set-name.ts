import type { UserContext } from "../context";

/** The name that others see beside the caller. */
export async function setName(ctx: UserContext, { name }: { name: string }) {
  await ctx.db.user.update({ where: { id: ctx.identity.userId }, data: { name } });
  return { name };
}
