import type { PeerFailure, PeerNotice } from "./types";

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
  /** Why the server or the other side did not take the last offer. */
  refusal: string | null;
}

/** Of a connection that is looked at from here on. */
export function noEvidence(): Omit<Evidence, "hasRelay"> {
  return { relayErrorCodes: [], relayCandidates: 0, remoteDescribed: false, refusal: null };
}

/** What an offer that came to nothing means while the connection goes on. */
export function noticeOf(
  { reason, detail }: { reason: "refused" | "unanswered"; detail: string | null },
  displayName: string,
): PeerNotice {
  const start = `${displayName} does not have your last change of picture or sound yet`;
  if (reason === "unanswered") {
    const message = `${start}: the page on the other side does not answer. It is tried again.`;
    return { code: "change-unanswered", message };
  }
  const why = detail ? ` (${detail})` : "";
  return { code: "change-refused", message: `${start}: it was refused${why}. It is tried again.` };
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
  if (evidence.refusal !== null) {
    const message = `${start} The last offer of a connection was refused (${evidence.refusal}).`;
    return { code: "offer-refused", message };
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
