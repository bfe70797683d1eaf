import { expect, test } from "vitest";
import { formatDay, formatRelative, formatWhen, sentenceDay } from "./dates";

const now = new Date(2026, 10, 23, 14, 36);

test("days near today have names, far ones dates, other years their year", () => {
  expect(formatDay(new Date(2026, 10, 23, 0, 1), now)).toBe("Today");
  expect(formatDay(new Date(2026, 10, 22, 23, 59), now)).toBe("Yesterday");
  expect(formatDay(new Date(2026, 10, 24, 2, 30), now)).toBe("Tomorrow");
  expect(formatDay(new Date(2026, 10, 21, 16, 45), now)).toBe("Sat 21 Nov");
  expect(formatDay(new Date(2026, 9, 3), now)).toBe("3 Oct");
  expect(formatDay(new Date(2025, 9, 3), now)).toBe("3 Oct 2025");
});

test("a time today stands alone, another day's comes with its day", () => {
  expect(formatWhen(new Date(2026, 10, 23, 9, 5), now)).toBe("09:05");
  expect(formatWhen(new Date(2026, 10, 24, 2, 30), now)).toBe("Tomorrow, 02:30");
});

test("inside a sentence only the named days lose their capital", () => {
  expect(sentenceDay(new Date(2026, 10, 24), now)).toBe("tomorrow");
  expect(sentenceDay(new Date(2026, 10, 24), new Date(2026, 10, 21))).toBe("Tue 24 Nov");
});

test("relative times say which side of now they are on", () => {
  expect(formatRelative(new Date(now.getTime() + 24 * 60_000), now)).toBe("in 24 min");
  expect(formatRelative(new Date(now.getTime() - 4 * 60_000), now)).toBe("4 min ago");
  expect(formatRelative(new Date(now.getTime() + 1_000), now)).toBe("now");
});
