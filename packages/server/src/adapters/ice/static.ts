import type { IceProvider } from "../../ports/ice-provider";

/**
 * A relay with one user name and password for everybody: what hosted relays without an API give. They reach every
 * participant and never end by themselves, so prefer a provider that mints them where there is one.
 */
export function createStaticIceProvider(options: {
  /** `turn:` and `turns:` URLs of the relay. */
  urls: string[];
  username: string;
  credential: string;
  stunUrls?: string[];
}): IceProvider {
  const { urls, username, credential, stunUrls = [] } = options;
  const stunServers = stunUrls.length > 0 ? [{ urls: stunUrls }] : [];
  return {
    name: "static",
    stunServers,
    issue: async () => ({
      iceServers: [...stunServers, { urls, username, credential }],
      expiresAt: null,
      revocableAs: null,
    }),
    // What everybody uses cannot be taken from one.
    revoke: async () => false,
  };
}
