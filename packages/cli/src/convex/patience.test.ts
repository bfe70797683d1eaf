import { FermataError, type FermataErrorCode } from "@fermata/api";
import { expect, test } from "vitest";
import type { Outcome } from "./import-one";
import { Patience } from "./patience";

const stored: Outcome = { kind: "file", storageId: "1", retyped: false };
const unusable: Outcome = { kind: "failed", reason: "it is empty" };

function failed(code: FermataErrorCode): Outcome {
  return { kind: "failed", reason: code, failure: new FermataError(code) };
}

function endOf(outcomes: Outcome[]): number {
  const patience = new Patience();
  return outcomes.findIndex((outcome) => patience.hear(outcome) !== null);
}

test("ends at the third failure in a row of a server or a store", () => {
  const away = failed("UPSTREAM_UNAVAILABLE");
  expect(endOf([away, away, away, away])).toBe(2);
  expect(endOf([away, away, stored, away, away, stored])).toBe(-1);
  expect(endOf([away, unusable, failed("INTERNAL"), failed("INVALID_INPUT"), away])).toBe(4);
});

test("bears any number of failures of single files", () => {
  expect(endOf(Array(50).fill(unusable))).toBe(-1);
  expect(endOf(Array(50).fill(failed("UNSUPPORTED_MEDIA_TYPE")))).toBe(-1);
});
