import { expect, test } from "vitest";
import { problemOf } from "./licence-rules.mjs";

test.each([
  "MIT",
  "Apache-2.0",
  "(MIT OR GPL-3.0)",
  "(Apache-2.0 AND BSD-3-Clause)",
  "MIT and ISC",
])("%s may be used", (licence) => {
  expect(problemOf({ name: "a", licence })).toBeNull();
});

test.each([
  "GPL-3.0",
  "AGPL-3.0-only",
  "(MIT AND GPL-2.0)",
  "BUSL-1.1",
  "UNLICENSED",
  "mit-ish",
  null,
])("%s may not", (licence) => {
  expect(problemOf({ name: "a", licence })).not.toBeNull();
});

test("an exception is for its package and its licence alone", () => {
  expect(problemOf({ name: "libheif-js", licence: "LGPL-3.0" })).toBeNull();
  expect(problemOf({ name: "libheif-js", licence: "AGPL-3.0" })).not.toBeNull();
  expect(problemOf({ name: "not-libheif-js", licence: "LGPL-3.0" })).not.toBeNull();
});
