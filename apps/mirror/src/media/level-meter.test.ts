import { expect, test } from "vitest";
import { peakDbOf, silenceDb } from "./level-meter";

test("full scale is 0 dB, half of it 6 dB less", () => {
  expect(peakDbOf([0, -1, 0.2])).toBe(0);
  expect(peakDbOf([0.5, -0.25])).toBeCloseTo(-6.02, 2);
});

test("silence has a floor, and too loud a ceiling", () => {
  expect(peakDbOf([0, 0])).toBe(silenceDb);
  expect(peakDbOf([1e-9])).toBe(silenceDb);
  expect(peakDbOf([1.4])).toBe(0);
});
