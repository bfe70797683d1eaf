import type { PeerFailure } from "./types";

/** What was seen while a connection was tried. */
export interface Evidence {
  /** Whether the server gave a relay to try. */
  hasRelay: boolean;
  /** ICE error codes that relays answered with, or 701 for no answer. */
  relayErrorCodes: number[];
  /** Relayed candidates of our own. */
  relayCandidates: number;
  /** Whether the other side ever answered. */
  remoteDescribed: boolean;
}

/** The most likely reason, in a person's words. */
export function explainFailure(
  evidence: Evidence,
  facts: { displayName: string; isOnline: boolean },
): PeerFailure {
  const start = `We could not reach ${facts.displayName}.`;
  if (!facts.isOnline) {
    return { code: "offline", message: `${start} This device has no connection to the server.` };
  }
  const refusals = evidence.relayErrorCodes.filter((code) => code >= 400 && code < 700);
  if (refusals.length > 0 && evidence.relayCandidates === 0) {
    const code = refusals[0];
    const message = `${start} The relay does not accept the credentials that the server gave (${code}).`;
    return { code: "relay-refused", message };
  }
  if (!evidence.remoteDescribed) {
    return { code: "no-answer", message: `${start} The page on the other side does not answer.` };
  }
  const blocked = "One of your two networks blocks direct connections";
  if (!evidence.hasRelay) {
    const message = `${start} ${blocked}, and no relay is set up.`;
    return { code: "no-relay-configured", message };
  }
  if (evidence.relayCandidates === 0) {
    return { code: "relay-unreachable", message: `${start} ${blocked}, and no relay answered.` };
  }
  return { code: "unreachable", message: `${start} The two networks let nothing through.` };
}
