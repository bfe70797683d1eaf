import { AppError, type LimitRule } from "@fermata/server/internal";
import type { Services } from "../context";

/** Wrong attempts, and what else somebody without an account may do. Over all processes. */
export const signInRules = {
  /** At one account from one network or device. */
  pair: { name: "sign-in-pair", points: 10, perSeconds: 300, shared: true },
  /** Beyond those, from where its owner signs in: a wrong one is told to wait, the right one passes. */
  familiar: { name: "sign-in-familiar", points: 100, perSeconds: 3600, shared: true },
  /** At one account from everywhere that its owner has not signed in from. */
  account: { name: "sign-in-account", points: 100, perSeconds: 3600, shared: true },
  /** At all accounts from one network. */
  network: { name: "sign-in-network", points: 100, perSeconds: 300, shared: true },
  /** Beyond those the network waits a moment for each answer. */
  quick: { name: "sign-in-quick", points: 20, perSeconds: 300, shared: false },
  /** Codes of the second factor, by who has the password. */
  code: { name: "sign-in-code", points: 20, perSeconds: 86_400, shared: true },
  /** New accounts from one network. */
  signUp: { name: "sign-up", points: 20, perSeconds: 3600, shared: true },
  /** The same where the host does not tell networks apart. */
  signUpAnywhere: { name: "sign-up-anywhere", points: 200, perSeconds: 3600, shared: true },
  /** Links of invitations and resets that open nothing, from one network. */
  link: { name: "account-link", points: 100, perSeconds: 3600, shared: true },
} as const satisfies Record<string, LimitRule>;

/** @returns null when it was taken, else how long until there is more */
export async function take(
  { limits }: Pick<Services, "limits">,
  key: string,
  rule: LimitRule,
): Promise<number | null> {
  try {
    await limits.consume(key, 1, rule);
    return null;
  } catch (refusal) {
    const seconds = refusal instanceof AppError && refusal.details?.retryAfterSeconds;
    if (typeof seconds !== "number") throw refusal;
    return seconds;
  }
}

export function tooManyAttempts(retryAfterSeconds: number): AppError {
  const wait =
    retryAfterSeconds > 120
      ? `${Math.ceil(retryAfterSeconds / 60)} minutes`
      : `${retryAfterSeconds} seconds`;
  return new AppError(
    "RATE_LIMITED",
    { retryAfterSeconds },
    `Too many attempts to sign in. Try again in ${wait}.`,
  );
}
