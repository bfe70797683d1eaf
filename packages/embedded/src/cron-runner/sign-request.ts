import { createHmac } from "node:crypto";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON in its one canonical form (RFC 8785): the SDK writes a body that way before it checks the signature. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** The `x-inngest-signature` of a canonical body. The key's prefix, `signkey-<name>-`, takes no part. */
export function signBody(signingKey: string, body: string, now: Date): string {
  const seconds = String(Math.floor(now.getTime() / 1000));
  const secret = signingKey.replace(/^signkey-\w+-/, "");
  const signature = createHmac("sha256", secret).update(body).update(seconds).digest("hex");
  return `t=${seconds}&s=${signature}`;
}
