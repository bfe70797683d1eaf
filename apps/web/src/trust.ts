import type { Trust } from "@fermata/server/hosts/forwarded";
import type { Env } from "./env";

/** Whom to believe about who a client is. Vercel overwrites its own header, whatever a client sends. */
export function trustOf(env: Pick<Env, "FERMATA_TRUST_PROXY" | "VERCEL">): Trust {
  if (!env.VERCEL) return { proxyHops: env.FERMATA_TRUST_PROXY };
  return {
    proxyHops: Math.max(1, env.FERMATA_TRUST_PROXY),
    addressHeader: "x-vercel-forwarded-for",
  };
}
