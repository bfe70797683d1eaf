import type { FermataServerOptions } from "@fermata/server";
import type { Env } from "./env";

/** Whom to believe about who a client is. Vercel overwrites its own header, whatever a client sends. */
export function trustOf(
  env: Pick<Env, "FERMATA_TRUST_PROXY" | "VERCEL">,
): Pick<FermataServerOptions, "clientAddressHeader"> & { proxyHops: number } {
  if (!env.VERCEL) return { proxyHops: env.FERMATA_TRUST_PROXY };
  return {
    proxyHops: Math.max(1, env.FERMATA_TRUST_PROXY),
    clientAddressHeader: "x-vercel-forwarded-for",
  };
}
