import type { IceProvider } from "../../ports/ice-provider";

/** Peers find their public addresses, and connect where no relay is needed: in about four cases of five. */
export function createStunOnlyIceProvider(options: { urls?: string[] } = {}): IceProvider {
  const stunServers = [{ urls: options.urls ?? ["stun:stun.cloudflare.com:3478"] }];
  return {
    name: "stun-only",
    stunServers,
    async issue() {
      return { iceServers: stunServers, expiresAt: null, revocableAs: null };
    },
    revoke: async () => false,
  };
}
