import { expect, test } from "vitest";
import { newestSlotsBetween, nextSlot, slotAt, slotsBetween } from "../next-slots";
import { normalizeCronExpression } from "./cron-expression";
import {
  cronSchedule,
  dailySchedule,
  hourlySchedule,
  intervalSchedule,
  monthlySchedule,
  weeklySchedule,
} from "./schedule";

const at = (text: string) => new Date(`2026-${text}Z`);

test.each([
  ["0 16 * * * *", /six fields/],
  ["0 16 * *", /4 fields/],
  ["", /0 fields/],
  ["@hourly", /nickname/],
  ["@every 30s", /nickname/],
  ["TZ=Europe/Berlin 0 9 * * *", /UTC/],
  ["0 0 * * 7", /Sunday is 0/],
  ["0 0 L * *", /L, W and #/],
  ["0 0 15W * *", /L, W and #/],
  ["0 0 * * 5#2", /L, W and #/],
  ["0 0 * * 5L", /L, W and #/],
  ["60 * * * *", /60 is no minute/],
  ["* 24 * * *", /24 is no hour/],
  ["* * 0 * *", /0 is no day of month/],
  ["* * * 13 *", /13 is no month/],
  ["0 0 30 2 *", /never comes/],
  ["0 0 31 4,6,9,11 *", /never comes/],
  ["*/0 * * * *", /cannot be read/],
  ["*/60 * * * *", /longer than the field/],
  ["30-10 * * * *", /runs backwards/],
  ["0 0 * * fri-mon", /runs backwards/],
  ["*-5 * * * *", /cannot be read/],
  ["1,,2 * * * *", /cannot be read/],
  ["1.5 * * * *", /cannot be read/],
  ["-1 * * * *", /cannot be read/],
  ["1/2/3 * * * *", /cannot be read/],
  ["0 0 * * monday", /cannot be read/],
])("refuses the cron expression %j, with the reason", (expression, reason) => {
  expect(() => cronSchedule(expression)).toThrow(reason);
});

test.each([
  ["0 16 * * *", "0 16 * * *"],
  ["  0   9  *  *  MON-FRI ", "0 9 * * 1-5"],
  ["0 0 1 jan,Jul *", "0 0 1 1,7 *"],
  ["5/15 * * * *", "5-59/15 * * * *"],
  ["*/1 * ? * *", "* * * * *"],
  ["0 0 29 2 *", "0 0 29 2 *"],
  ["0 0 13 * fri", "0 0 13 * 5"],
])("reads %j as %j", (written, normalized) => {
  expect(normalizeCronExpression(written)).toBe(normalized);
  expect(cronSchedule(written).written).toBe(written);
});

test.each([
  [{ seconds: 30 }, "every 30 seconds", "Every 30 seconds"],
  [{ seconds: 1 }, "every 1 second", "Every second"],
  [{ minutes: 7 }, "every 7 minutes", "Every 7 minutes"],
  [{ minutes: 90 }, "every 90 minutes", "Every 90 minutes"],
  [{ hours: 1 }, "every 1 hour", "Every hour, on the hour"],
  [{ minutes: 60 }, "every 60 minutes", "Every hour, on the hour"],
  [{ hours: 36 }, "every 36 hours", "Every 36 hours"],
])("says the interval %j in words", (every, written, inWords) => {
  expect(intervalSchedule(every)).toMatchObject({ written, inWords });
});

test.each<[object, RegExp]>([
  [{}, /exactly one/],
  [{ minutes: 1, hours: 1 }, /exactly one/],
  [{ days: 1 }, /exactly one/],
  [{ seconds: 0 }, /whole number from 1/],
  [{ minutes: -5 }, /whole number from 1/],
  [{ hours: 1.5 }, /whole number from 1/],
  [{ seconds: Number.NaN }, /whole number from 1/],
  [{ hours: 24 * 400 }, /at most a year/],
])("refuses the interval %j", (every, reason) => {
  expect(() => intervalSchedule(every)).toThrow(reason);
});

test("gives the named schedules their defaults and their words", () => {
  expect(hourlySchedule()).toMatchObject({
    expression: "0 * * * *",
    inWords: "Every hour, on the hour",
  });
  expect(hourlySchedule({ minuteUTC: 20 }).inWords).toBe("Every hour, 20 minutes past");
  expect(dailySchedule()).toMatchObject({
    expression: "0 0 * * *",
    inWords: "Every day at 00:00 UTC",
  });
  expect(weeklySchedule({ dayOfWeek: "monday", hourUTC: 9 })).toMatchObject({
    expression: "0 9 * * 1",
    inWords: "Every Monday at 09:00 UTC",
  });
  expect(monthlySchedule({ day: 31, hourUTC: 6, minuteUTC: 5 }).inWords).toBe(
    "On day 31 of every month that has a day 31, at 06:05 UTC",
  );
  expect(cronSchedule("0 16 * * *").inWords).toBe("At 16:00, every day (UTC)");
  expect(() => hourlySchedule({ minuteUTC: 60 })).toThrow(/minuteUTC/);
  expect(() => dailySchedule({ hourUTC: 24 })).toThrow(/hourUTC/);
  expect(() => monthlySchedule({ day: 0 })).toThrow(/day/);
});

test("an interval's slots are multiples since 1970, whatever the moment of asking", () => {
  const sevenMinutes = intervalSchedule({ minutes: 7 });
  const slots = slotsBetween(sevenMinutes, at("03-01T00:00:00"), at("03-01T12:00:00"));
  for (const slot of slots) expect(slot.getTime() % 420_000).toBe(0);
  const [first, second] = slots;
  expect(slotAt(sevenMinutes, first ?? at("01-01"))).toEqual(first);
  expect(slotAt(sevenMinutes, new Date((second?.getTime() ?? 0) - 1))).toEqual(first);
  expect(nextSlot(sevenMinutes, first ?? at("01-01"))).toEqual(second);
});

test("a cron's slot is the last instant at or before, its next one strictly after", () => {
  const daily = cronSchedule("0 16 * * *");
  expect(slotAt(daily, at("03-01T16:00:00"))).toEqual(at("03-01T16:00:00"));
  expect(slotAt(daily, at("03-01T15:59:59.999"))).toEqual(at("02-28T16:00:00"));
  expect(nextSlot(daily, at("03-01T16:00:00"))).toEqual(at("03-02T16:00:00"));
});

test.each([[intervalSchedule({ hours: 1 })], [cronSchedule("0 * * * *")]])(
  "lists the newest slots of a gap, without its ends (%#)",
  (hourly) => {
    const gap = newestSlotsBetween(hourly, at("03-01T10:00:00"), at("03-01T15:00:00"), 3);
    expect(gap).toEqual([at("03-01T12:00:00"), at("03-01T13:00:00"), at("03-01T14:00:00")]);
    expect(newestSlotsBetween(hourly, at("03-01T10:00:00"), at("03-01T11:00:00"), 3)).toEqual([]);
  },
);

test.each([
  ["0 0 13 * 5", "At 00:00, on day 13 of the month or on Friday (UTC)"],
  ["30 4 1,15 * 1-5", "At 04:30, on day 1 and 15 of the month or Monday through Friday (UTC)"],
  [
    "0 0 13 2,3 fri",
    "At 00:00, on day 13 of the month or on Friday, only in February and March (UTC)",
  ],
  ["0 0 1-7 * 1", "At 00:00, between day 1 and 7 of the month or on Monday (UTC)"],
  ["0 12 * * 1", "At 12:00, only on Monday (UTC)"],
])(
  "either kind of day will do where both are given, and the words say so: %s",
  (written, words) => {
    expect(cronSchedule(written).inWords).toBe(words);
  },
);
