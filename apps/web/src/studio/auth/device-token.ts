import { newId, sign, verifySignature } from "@fermata/server/internal";
import type { Services } from "../context";

/**
 * What a browser shows where somebody signed in before (OWASP's device cookie). It opens nothing: it lets its bearer try
 * a password while strangers guess at the same account.
 */
export function issueDeviceToken(ctx: Pick<Services, "config">, email: string): string {
  const nonce = newId();
  return `${nonce}.${sign(ctx.config.urlSecret, "device", email.toLowerCase(), nonce)}`;
}

/** Which device of this account's it is; null where the token is none, or another account's. */
export function readDeviceToken(
  ctx: Pick<Services, "config">,
  token: string | null | undefined,
  email: string,
): string | null {
  const [nonce, signature] = token?.split(".") ?? [];
  if (!nonce || !signature) return null;
  return verifySignature(signature, ctx.config.urlSecret, "device", email, nonce) ? nonce : null;
}
