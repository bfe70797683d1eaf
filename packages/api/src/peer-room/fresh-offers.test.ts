import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FreshOffers } from "./fresh-offers";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("ten may begin in ten seconds, whatever the clock is set to meanwhile", () => {
  const offers = new FreshOffers();
  const begun = () => Array.from({ length: 12 }, () => offers.mayBegin()).filter(Boolean).length;
  expect(begun()).toBe(10);
  vi.setSystemTime(Date.now() + 7_200_000);
  expect(begun()).toBe(0);
  vi.setSystemTime(Date.now() - 14_400_000);
  vi.advanceTimersByTime(10_000);
  expect(begun()).toBe(10);
});
