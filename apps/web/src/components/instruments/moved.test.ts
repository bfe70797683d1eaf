import { expect, test } from "vitest";
import { moved } from "./moved";

const list = ["a", "b", "c", "d"];

test("a member stands where it was put, and the others close up", () => {
  expect(moved(list, "a", 2)).toEqual(["b", "c", "a", "d"]);
  expect(moved(list, "d", 1)).toEqual(["a", "d", "b", "c"]);
  expect(moved(list, "b", 3)).toEqual(["a", "c", "d", "b"]);
});

test("beyond the ends is at the ends", () => {
  expect(moved(list, "b", -5)).toEqual(["b", "a", "c", "d"]);
  expect(moved(list, "b", 99)).toEqual(["a", "c", "d", "b"]);
});

test("what changes nothing gives the very same list", () => {
  expect(moved(list, "c", 2)).toBe(list);
  expect(moved(list, "x", 0)).toBe(list);
});
