import { expect, test } from "vitest";
import { createLateness } from "./lateness";

test("the two clocks need not agree", () => {
  const lateMs = createLateness();
  expect(lateMs(900_000, 50)).toBe(0);
  expect(lateMs(900_100, 190)).toBe(40);
  expect(lateMs(900_200, 250)).toBe(0);
});

test("a quicker event makes the earlier ones late in hindsight only", () => {
  const lateMs = createLateness();
  expect(lateMs(0, 80)).toBe(0);
  expect(lateMs(100, 120)).toBe(0);
  expect(lateMs(200, 480)).toBe(260);
});

test("a drifting clock is followed", () => {
  const lateMs = createLateness();
  let late = 0;
  for (let minute = 0; minute < 60; minute++) {
    // Three milliseconds a minute: after an hour 180 ms that are nobody's delay.
    late = lateMs(minute * 60_000, minute * 60_003);
  }
  expect(late).toBeLessThan(10);
});
