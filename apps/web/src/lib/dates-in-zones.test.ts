import { expect, test } from "vitest";
import {
  formatClock,
  formatDay,
  formatExact,
  formatLongDay,
  greetingAt,
  offsetMinutesOf,
} from "./dates";

const winter = new Date("2026-11-23T23:30:15Z");
const summer = new Date("2026-07-01T12:00:00Z");

test("a zone's clock is shown, whatever this machine's is", () => {
  expect(formatClock(winter, "Europe/Stockholm")).toBe("00:30");
  expect(formatClock(winter, "Asia/Kolkata")).toBe("05:00");
  expect(formatClock(summer, "Europe/Stockholm")).toBe("14:00");
  expect(formatLongDay(winter, "Europe/Stockholm")).toBe("Tuesday 24 November");
  expect(formatLongDay(winter, "America/New_York")).toBe("Monday 23 November");
  expect(greetingAt(winter, "Asia/Kolkata")).toBe("Good morning");
  expect(greetingAt(winter, "UTC")).toBe("Good evening");
});

test("how far a zone is from UTC goes by its summer time", () => {
  expect(offsetMinutesOf(winter, "Europe/Stockholm")).toBe(60);
  expect(offsetMinutesOf(summer, "Europe/Stockholm")).toBe(120);
  expect(offsetMinutesOf(summer, "America/St_Johns")).toBe(-150);
  expect(offsetMinutesOf(summer, "UTC")).toBe(0);
  expect(() => offsetMinutesOf(summer, "Mars/Jezero")).toThrow(RangeError);
});

test("the whole instant names how far it is from UTC", () => {
  expect(formatExact(winter, "Europe/Stockholm")).toBe("Tue 24 Nov 2026, 00:30:15 UTC+1");
  expect(formatExact(winter, "Asia/Kolkata")).toBe("Tue 24 Nov 2026, 05:00:15 UTC+5:30");
  expect(formatExact(winter, "America/New_York")).toBe("Mon 23 Nov 2026, 18:30:15 UTC-5");
  expect(formatExact(winter, "UTC")).toBe("Mon 23 Nov 2026, 23:30:15 UTC");
});

test("a day is the zone's, also across a change to summer time", () => {
  const zone = "Europe/Stockholm";
  const lateOnSaturday = new Date("2026-03-28T22:30:00Z");
  const earlyOnSunday = new Date("2026-03-28T23:30:00Z");
  const mondayAfter = new Date("2026-03-29T22:30:00Z");
  expect(formatDay(lateOnSaturday, earlyOnSunday, zone)).toBe("Yesterday");
  expect(formatDay(mondayAfter, earlyOnSunday, zone)).toBe("Tomorrow");
});

test.each(["2026-01-01T00:00:00Z", "2026-09-05T07:08:09Z", "2026-12-31T23:59:59Z"])(
  "this machine's own clock at %s is that of its zone",
  (instant) => {
    const date = new Date(instant);
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    expect(formatExact(date)).toBe(formatExact(date, timeZone));
    expect(formatLongDay(date)).toBe(formatLongDay(date, timeZone));
  },
);
