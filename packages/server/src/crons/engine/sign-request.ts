import { createHmac } from "node:crypto";

/**
 * The `x-inngest-signature` of a body, as Inngest makes it. The key's prefix, `signkey-<name>-`, takes no part.
 * @param body JSON in its canonical form (RFC 8785); empty for a GET
 */
export function signRequest(signingKey: string, body: string, now: Date): string {
  const seconds = String(Math.floor(now.getTime() / 1000));
  const secret = signingKey.replace(/^signkey-\w+-/, "");
  const signature = createHmac("sha256", secret).update(body).update(seconds).digest("hex");
  return `t=${seconds}&s=${signature}`;
}
