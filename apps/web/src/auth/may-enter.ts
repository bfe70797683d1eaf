import { AppError } from "@fermata/server/internal";
import type { RequestContext } from "../studio/context";
import { readSignUpPolicy } from "../studio/settings/sign-up-policy";

/**
 * An identity of a known user may come in; a new one only where sign-up is open.
 * @throws AppError FORBIDDEN for a disabled account; UNAUTHENTICATED with `secondFactor: "required"` for one with a second
 * factor: it is asked for with the password, which whoever turned it on has, and a provider does not stand in for both
 */
export async function mayEnter(
  ctx: Pick<RequestContext, "db">,
  user: { email?: string | null },
  account: { provider: string; providerAccountId: string } | null,
): Promise<boolean> {
  const { provider = "", providerAccountId = "" } = account ?? {};
  const known = await ctx.db.account.findFirst({
    where: { provider, providerAccountId },
    select: {
      user: { select: { disabledAt: true, secondFactor: { select: { confirmedAt: true } } } },
    },
  });
  if (known?.user.disabledAt) throw new AppError("FORBIDDEN", { reason: "disabled" });
  if (known?.user.secondFactor?.confirmedAt) {
    throw new AppError(
      "UNAUTHENTICATED",
      { secondFactor: "required" },
      "This account has a second factor: sign in with the password and a code.",
    );
  }
  if (known) return true;
  return user.email != null && (await readSignUpPolicy(ctx)) === "open";
}
