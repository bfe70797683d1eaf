import { networkOf, sign } from "@fermata/server/internal";
import type { RequestContext } from "../context";
import { unlessRemoved } from "./wrong-pair";

type NetworkContext = Pick<RequestContext, "db" | "clock" | "config" | "clientAddress">;

/** A network is known for as long as this after the last sign-in from it. */
export const knownNetworkDays = 90;

/** What a network is remembered by: the table tells nobody where people were. */
export function networkMark(ctx: Pick<RequestContext, "config" | "clientAddress">): string {
  return sign(ctx.config.urlSecret, "network", networkOf(ctx.clientAddress) ?? "unknown");
}

/** Notes that somebody signed in from here. */
export async function rememberNetwork(ctx: NetworkContext, userId: string): Promise<void> {
  const key = { userId, network: networkMark(ctx) };
  const lastUsedAt = ctx.clock.now();
  const written = ctx.db.knownNetwork.upsert({
    where: { userId_network: key },
    create: { ...key, lastUsedAt },
    update: { lastUsedAt },
  });
  await unlessRemoved(written);
}

export function knownSince(ctx: Pick<RequestContext, "clock">): Date {
  return new Date(ctx.clock.now().getTime() - knownNetworkDays * 86_400_000);
}
