import type { IceServer } from "@fermata/contract";

/** Short-lived credentials for relays. */
export interface IceProvider {
  readonly name: "cloudflare" | "coturn" | "static" | "stun-only";
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
  ): Promise<{
    iceServers: IceServer[];
    /** Null for credentials that do not end by themselves. */
    expiresAt: Date | null;
    /** What `revoke` takes; null where credentials can only run out. */
    revocableAs: string | null;
  }>;
  /**
   * Makes credentials void before their time, and ends what they relay.
   * @returns false where the provider has no way to
   * @throws when the provider does not answer in time or refuses
   */
  revoke(username: string, signal: AbortSignal): Promise<boolean>;
}
