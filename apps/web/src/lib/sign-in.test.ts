import { expect, test } from "vitest";
import { safeNext, signInProblem } from "./sign-in";

test("after signing in only a path of this site is followed", () => {
  expect(safeNext("/files?state=unattached#top")).toBe("/files?state=unattached#top");
  expect(safeNext(null)).toBe("/");
  expect(safeNext("https://elsewhere.example/")).toBe("/");
  expect(safeNext("//elsewhere.example/files")).toBe("/");
  expect(safeNext("/\\elsewhere.example")).toBe("/");
  expect(safeNext("/\t/elsewhere.example")).toBe("/");
  expect(safeNext("javascript:alert(1)")).toBe("/");
});

test("an address cannot put words into the sign-in page's mouth", () => {
  expect(signInProblem("Call this number now")).toBe(signInProblem("AnythingUnknown"));
});
