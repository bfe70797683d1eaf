import { expect, test } from "vitest";
import { type Evidence, explainFailure } from "./explain-failure";

const blocked: Evidence = {
  hasRelay: true,
  relayErrorCodes: [],
  relayCandidates: 1,
  remoteDescribed: true,
  refusal: null,
};
const facts = { displayName: "Ines", isOnline: true };

test.each<[string, Partial<Evidence>, Partial<typeof facts>]>([
  ["offline", {}, { isOnline: false }],
  ["relay-refused", { relayErrorCodes: [401], relayCandidates: 0 }, {}],
  ["no-answer", { remoteDescribed: false }, {}],
  ["offer-refused", { refusal: "the message is too large" }, {}],
  ["no-relay-configured", { hasRelay: false, relayCandidates: 0 }, {}],
  ["relay-unreachable", { relayErrorCodes: [701], relayCandidates: 0 }, {}],
  ["unreachable", {}, {}],
])("tells %s", (code, evidence, present) => {
  const failure = explainFailure({ ...blocked, ...evidence }, { ...facts, ...present });
  expect(failure.code).toBe(code);
  expect(failure.message).toMatch(/^We could not reach Ines\. .+\.$/);
});

test("does not blame one relay of several when another one works", () => {
  expect(explainFailure({ ...blocked, relayErrorCodes: [401] }, facts).code).toBe("unreachable");
});
