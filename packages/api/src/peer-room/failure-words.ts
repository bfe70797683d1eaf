import type { FailureCode } from "./types";

const blocked = "One of your two networks blocks direct connections";

/** What stands in the way, by code. `fact` is what was answered, where something was. */
export const failureWords: Record<FailureCode, (fact: string) => string> = {
  offline: () => "This device has no connection to the server.",
  "relay-refused": (fact) =>
    `The relay does not accept the credentials that the server gave (${fact}).`,
  "offer-refused": (fact) => `The last offer of a connection was refused (${fact}).`,
  "no-answer": () => "The page on the other side does not answer.",
  "no-relay-configured": () => `${blocked}, and no relay is set up.`,
  "relay-unreachable": () => `${blocked}, and no relay answered.`,
  unreachable: () => "The two networks let nothing through.",
};

/** What became of an offer, while the connection goes on without it. */
export const noticeWords = {
  refused: (detail: string | null) => `it was refused${detail ? ` (${detail})` : ""}`,
  unanswered: () => "the page on the other side does not answer",
  unsent: () => "the server does not answer",
};
