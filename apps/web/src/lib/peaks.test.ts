import { expect, test } from "vitest";
import { barsOf } from "./peaks";

const told = (peaks: number[]) => btoa(String.fromCharCode(...peaks));

test("each bar is the loudest of its peaks, beside the loudest of all", () => {
  expect(barsOf(told([10, 20, 40, 0]), 2)).toEqual([0.5, 1]);
});

test("silence has bars of no height", () => {
  expect(barsOf(told(Array(256).fill(0)), 128)).toEqual(Array(128).fill(0));
});
