import { AppError } from "@fermata/server/internal";
import { recordFailedSignIn } from "../audit/record-failed-sign-in";
import type { RequestContext } from "../context";
import { countAttempt } from "./count-attempt";
import { readDeviceToken } from "./device-token";
import { knownSince, networkMark } from "./known-networks";
import { verifyPassword } from "./passwords";
import { tooManyAttempts } from "./sign-in-limits";
import { wrongPair } from "./wrong-pair";

export type PasswordContext = Pick<
  RequestContext,
  "db" | "pool" | "clock" | "config" | "limits" | "clientAddress"
>;

interface PasswordRow {
  id: string;
  passwordHash: string | null;
  disabledAt: Date | null;
  isKnownNetwork: boolean;
}

export interface GivenPassword {
  email: string;
  password: string;
  /** Of a browser that shows where somebody signed in before. */
  deviceToken?: string | null;
}

/**
 * Whose address and password these are. Looks the same, and takes as long, whether there is such an account or not.
 * @throws AppError UNAUTHENTICATED for a wrong pair; RATE_LIMITED with `retryAfterSeconds`, see `countAttempt`;
 * FORBIDDEN with the reason `disabled`, for the right one of an account that is
 */
export async function checkPassword(
  ctx: PasswordContext,
  { password, deviceToken, ...input }: GivenPassword,
): Promise<{ userId: string; email: string; place: string }> {
  const email = input.email.trim().toLowerCase();
  const network = networkMark(ctx);
  // One statement, which takes as long where it finds nobody.
  const { rows } = await ctx.pool.query<PasswordRow>({
    name: "password-of",
    text: `SELECT u."id", u."passwordHash", u."disabledAt", k."network" IS NOT NULL AS "isKnownNetwork"
      FROM "User" u LEFT JOIN "KnownNetwork" k
        ON k."userId" = u."id" AND k."network" = $2 AND k."lastUsedAt" > $3
      WHERE u."email" = $1`,
    values: [email, network, knownSince(ctx)],
  });
  const [user] = rows;
  const device = readDeviceToken(ctx, deviceToken, email);
  const isKnownNetwork = user?.isKnownNetwork ?? false;
  const attempt = await countAttempt(ctx, { email, device, isKnownNetwork });

  const genuine = await verifyPassword(user?.passwordHash, password);
  if (!user || !genuine) {
    await recordFailedSignIn(ctx, user ? { id: user.id, email } : null);
    if (attempt.retryAfterSeconds !== null) throw tooManyAttempts(attempt.retryAfterSeconds);
    throw wrongPair();
  }
  await attempt.forgive();
  if (user.disabledAt) {
    throw new AppError(
      "FORBIDDEN",
      { reason: "disabled" },
      "This account is disabled. An admin can enable it again.",
    );
  }
  return { userId: user.id, email, place: device ?? (isKnownNetwork ? network : "elsewhere") };
}
