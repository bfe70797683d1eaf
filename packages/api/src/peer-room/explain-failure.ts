import type { FailureCode, PeerFailure, PeerNotice } from "./types";

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

let words: typeof import("./failure-words") | null = null;

/** Gets the words while there is a network: it may be gone when they are wanted, and then codes have to do. */
export async function loadWords(): Promise<void> {
  words ??= await import("./failure-words").catch(() => null);
}

/** Of a connection that is looked at from here on. */
export function noEvidence(): Omit<Evidence, "hasRelay"> {
  return { relayErrorCodes: [], relayCandidates: 0, remoteDescribed: false, refusal: null };
}

/** What an offer that came to nothing means while the connection goes on. */
export function noticeOf(
  { reason, detail }: { reason: "refused" | "unanswered" | "unsent"; detail: string | null },
  displayName: string,
): PeerNotice {
  const why = words ? `: ${words.noticeWords[reason](detail)}. It is tried again.` : ".";
  return {
    code: reason === "refused" ? "change-refused" : "change-unanswered",
    message: `${displayName} does not have your last change of picture or sound yet${why}`,
  };
}

/** The most likely reason, in a person's words. */
export function explainFailure(
  evidence: Evidence,
  facts: { displayName: string; isOnline: boolean },
): PeerFailure {
  const [code, fact = ""] = reasonOf(evidence, facts.isOnline);
  const why = words ? ` ${words.failureWords[code](fact)}` : "";
  return { code, message: `We could not reach ${facts.displayName}.${why}` };
}

function reasonOf(evidence: Evidence, isOnline: boolean): [code: FailureCode, fact?: string] {
  if (!isOnline) return ["offline"];
  const refusal = evidence.relayErrorCodes.find((code) => code >= 400 && code < 700);
  if (refusal && evidence.relayCandidates === 0) return ["relay-refused", `${refusal}`];
  if (evidence.refusal !== null) return ["offer-refused", evidence.refusal];
  if (!evidence.remoteDescribed) return ["no-answer"];
  if (!evidence.hasRelay) return ["no-relay-configured"];
  return [evidence.relayCandidates === 0 ? "relay-unreachable" : "unreachable"];
}
