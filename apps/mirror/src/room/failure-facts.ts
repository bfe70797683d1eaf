import type { PeerFailure, PeerRoomSnapshot } from "@fermata/api";

export interface FailureFacts {
  /** Why, without the sentence that the headline says already. */
  reason: string;
  /** What mostly helps. */
  hint: string;
  rows: [name: string, value: string][];
}

const hints: Record<PeerFailure["code"], string> = {
  offline: "Check this device’s connection.",
  "no-relay-configured": "A phone hotspot usually gets through.",
  "relay-refused": "Whoever runs the server has to look at its relay.",
  "relay-unreachable": "A phone hotspot usually gets through.",
  "no-answer": "Ask them to open the invite link again.",
  "offer-refused": "Ask them to reload the page, and reload this one.",
  unreachable: "A phone hotspot usually gets through.",
};

const relayWords: Partial<Record<PeerFailure["code"], string>> = {
  "no-relay-configured": "None set up",
  "relay-refused": "Credentials refused",
  "relay-unreachable": "No answer",
};

export function failureFacts(
  failure: PeerFailure,
  { relayProvider, signaling }: Pick<PeerRoomSnapshot, "relayProvider" | "signaling">,
): FailureFacts {
  const reason = failure.message.replace(/^We could not reach [^.]*\.\s*/, "");
  const noRelay = relayProvider === null || relayProvider === "stun-only";
  return {
    reason,
    hint: hints[failure.code],
    rows: [
      ["Direct", "No answer"],
      ["Relay", relayWords[failure.code] ?? (noRelay ? "None set up" : "Nothing came through")],
      ["Server", signaling === "offline" ? "Not reachable" : "Reachable"],
    ],
  };
}
