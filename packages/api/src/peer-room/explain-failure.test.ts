import { beforeAll, expect, test, vi } from "vitest";
import { type Evidence, explainFailure, loadWords, noticeOf } from "./explain-failure";

beforeAll(loadWords);

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

test("tells what became of a change", () => {
  const start = "Ines does not have your last change of picture or sound yet";
  const notice = (reason: "refused" | "unanswered" | "unsent", detail: string | null = null) =>
    noticeOf({ reason, detail }, "Ines");
  expect(notice("refused", "too large")).toEqual({
    code: "change-refused",
    message: `${start}: it was refused (too large). It is tried again.`,
  });
  expect(notice("unanswered").message).toContain("the page on the other side does not answer");
  expect(notice("unsent")).toEqual({
    code: "change-unanswered",
    message: `${start}: the server does not answer. It is tried again.`,
  });
});

test("has its codes where the words could not be had", async () => {
  vi.resetModules();
  const unworded = await import("./explain-failure");
  expect(unworded.explainFailure({ ...blocked, hasRelay: false }, facts)).toEqual({
    code: "no-relay-configured",
    message: "We could not reach Ines.",
  });
});
