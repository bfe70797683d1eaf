import type { IceServer } from "@fermata/contract";

/** Short-lived credentials for relays. */
export interface IceProvider {
  readonly name: "cloudflare" | "coturn" | "stun-only";
  /** Servers that need no credentials: what is left to give when `issue` fails. */
  readonly stunServers: IceServer[];
  /**
   * Mints credentials for one participant.
   * @param ttlSeconds how long they must work
   * @param signal aborts when the caller will wait no longer
   * @throws when the provider does not answer in time or refuses; the caller falls back to `stunServers`
   */
  issue(
    subject: string,
    ttlSeconds: number,
    signal: AbortSignal,
  ): Promise<{ iceServers: IceServer[]; expiresAt: Date | null }>;
}
