import { expect, test } from "vitest";
import { createStrokeBudget } from "./stroke-budget";

function strike(perSecond: number, seconds: number) {
  let nowMs = 0;
  const take = createStrokeBudget(() => nowMs);
  let taken = 0;
  for (; nowMs < seconds * 1000; nowMs += 1000 / perSecond) taken += Number(take());
  return taken;
}

test("nothing of what a machine plays is left out", () => {
  expect(strike(200, 10)).toBe(2_000);
});

test("beyond that only so many strokes a second are taken", () => {
  expect(strike(2_000, 10)).toBeGreaterThan(2_000);
  expect(strike(2_000, 10)).toBeLessThanOrEqual(2_640);
});

test("a second that was held back comes through in one piece", () => {
  const take = createStrokeBudget(() => 0);
  expect(Array.from({ length: 200 }, take)).not.toContain(false);
});
