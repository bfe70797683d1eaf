import { expect, test } from "vitest";
import {
  formatBytes,
  formatClipLength,
  formatDuration,
  formatPixels,
  formatTimeLeft,
  plural,
  splitBytes,
} from "./format";

test("sizes keep three digits and step at 1024, as the limits do", () => {
  expect(formatBytes(0)).toBe("0 B");
  expect(formatBytes(999)).toBe("999 B");
  expect(formatBytes(5 * 1024 * 1024)).toBe("5 MB");
  expect(formatBytes(88_290_099)).toBe("84.2 MB");
  expect(formatBytes(1.84 * 1024 ** 4)).toBe("1.84 TB");
});

test("a size just below a step is told in the larger unit instead of with four digits", () => {
  expect(formatBytes(1023)).toBe("1 KB");
  expect(splitBytes(1023 * 1024)).toEqual({ value: "1", unit: "MB" });
});

test("durations name their two largest units", () => {
  expect(formatDuration(412)).toBe("412 ms");
  expect(formatDuration(8_140)).toBe("8.1 s");
  expect(formatDuration(22_000)).toBe("22 s");
  expect(formatDuration(221_000)).toBe("3 min 41 s");
  expect(formatDuration(3 * 3_600_000 + 5 * 60_000)).toBe("3 h 5 min");
});

test("the time left is never zero while something is left", () => {
  expect(formatTimeLeft(0.2)).toBe("1 s left");
  expect(formatTimeLeft(187)).toBe("3 min 7 s left");
});

test("clips are as long as players say", () => {
  expect(formatClipLength(272)).toBe("4:32");
  expect(formatClipLength(3_872)).toBe("1:04:32");
  expect(formatClipLength(2)).toBe("0:02");
});

test("one is singular", () => {
  expect(plural(1, "file")).toBe("1 file");
  expect(plural(1_284, "file")).toBe("1,284 files");
  expect(plural(0, "other", "others")).toBe("0 others");
});

test("pixels are told where there are any", () => {
  expect(formatPixels({ width: 640, height: 480 })).toBe("640 × 480");
  expect(formatPixels({ width: 0, height: 0 })).toBeNull();
  expect(formatPixels({})).toBeNull();
  expect(formatPixels(null)).toBeNull();
});
