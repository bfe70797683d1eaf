import { isIP } from "node:net";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { verifyPassword } from "./passwords";

// In this process, before any query: a flood of guesses must not become a flood of hashing.
const byAccount = new RateLimiterMemory({ points: 10, duration: 300 });
const byAddress = new RateLimiterMemory({ points: 100, duration: 300 });

/**
 * The user whom an e-mail address and password sign in.
 * @throws AppError UNAUTHENTICATED for a wrong pair, the same for an unknown address; RATE_LIMITED after ten wrong ones in five minutes
 */
export async function verifyCredentials(
  ctx: Pick<RequestContext, "db" | "clientAddress">,
  input: { email: string; password: string },
): Promise<{ userId: string }> {
  const email = input.email.trim().toLowerCase();
  await spend(byAddress, networkOf(ctx.clientAddress));
  await spend(byAccount, email);
  const user = await ctx.db.user.findUnique({
    where: { email },
    select: { id: true, passwordHash: true },
  });
  const genuine = await verifyPassword(user?.passwordHash, input.password);
  if (!user || !genuine) {
    throw new AppError(
      "UNAUTHENTICATED",
      undefined,
      "The e-mail address or the password is wrong.",
    );
  }
  await byAccount.delete(email);
  await byAddress.reward(networkOf(ctx.clientAddress));
  return { userId: user.id };
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const retryAfterSeconds = Math.ceil(refusal.msBeforeNext / 1000);
    throw new AppError(
      "RATE_LIMITED",
      { retryAfterSeconds },
      `Too many attempts to sign in. Try again in ${retryAfterSeconds} seconds.`,
    );
  }
}

/** One customer often holds a whole /64 of IPv6. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  return address.split(":").slice(0, 4).join(":");
}
