import { createHmac } from "node:crypto";
import { type Clock, systemClock } from "../../ports/clock";
import type { IceProvider } from "../../ports/ice-provider";

/**
 * coturn with `use-auth-secret`: credentials are computed here, no call is made.
 * The user name is `<unix expiry>:<participant>`, the password its HMAC-SHA-1 under `static-auth-secret`.
 */
export function createCoturnIceProvider(options: {
  /** coturn's `static-auth-secret`. */
  secret: string;
  /** `turn:` and `turns:` URLs of the relay. */
  urls: string[];
  stunUrls?: string[];
  clock?: Clock;
}): IceProvider {
  const { secret, urls, stunUrls = [], clock = systemClock } = options;
  const stunServers = stunUrls.length > 0 ? [{ urls: stunUrls }] : [];
  return {
    name: "coturn",
    stunServers,
    async issue(subject, ttlSeconds) {
      const expiresAtSeconds = Math.floor(clock.now().getTime() / 1000) + ttlSeconds;
      const username = `${expiresAtSeconds}:${subject}`;
      const credential = createHmac("sha1", secret).update(username).digest("base64");
      return {
        iceServers: [...stunServers, { urls, username, credential }],
        expiresAt: new Date(expiresAtSeconds * 1000),
        revocableAs: null,
      };
    },
    // Whoever holds the password computes as the relay does: until the time in the user name it is right.
    revoke: async () => false,
  };
}
