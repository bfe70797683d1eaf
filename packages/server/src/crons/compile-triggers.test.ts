import { expect, test } from "vitest";
import { compileTriggers } from "./compile-triggers";
import { intervalSchedule } from "./schedule/schedule";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const start = Date.UTC(2028, 1, 27);

/** A second reading of cron expressions, by trying every minute, to compare with. */
function firings(expression: string, from: number, days: number): number[] {
  const fields = expression.split(" ").map(readField);
  const restricted = (i: number) => expression.split(" ")[i] !== "*";
  const found: number[] = [];
  for (let ms = from; ms < from + days * DAY_MS; ms += MINUTE_MS) {
    const date = new Date(ms);
    const parts = [
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth() + 1,
      date.getUTCDay(),
    ];
    const [minute, hour, day, month, weekday] = parts.map((part, i) => fields[i]?.(part) ?? false);
    const fitsDay = restricted(2) && restricted(4) ? day || weekday : day && weekday;
    if (minute && hour && month && fitsDay) found.push(ms);
  }
  return found;
}

function readField(text: string): (value: number) => boolean {
  const tests = text.split(",").map((item) => {
    const [range = "", step = "1"] = item.split("/");
    const [low, high] = range === "*" ? [0, 99] : range.split("-").map(Number);
    return (value: number) =>
      value >= (low ?? 0) &&
      value <= (high ?? low ?? 0) &&
      (value - (range === "*" && text.startsWith("*") ? 0 : (low ?? 0))) % Number(step) === 0;
  });
  return (value) => tests.some((fits) => fits(value));
}

test("every interval that divides the day compiles to at most nine crons that fire at exactly its slots", () => {
  for (let minutes = 1; minutes <= 1440; minutes++) {
    const crons = compileTriggers(intervalSchedule({ minutes }));
    if (1440 % minutes !== 0) {
      expect(crons, `${minutes} minutes`).toBeNull();
      continue;
    }
    const fired = (crons ?? []).flatMap((cron) => firings(cron, start, 3)).sort((a, b) => a - b);
    const slots = [];
    for (let ms = start; ms < start + 3 * DAY_MS; ms += minutes * MINUTE_MS) slots.push(ms);
    expect(fired, `${minutes} minutes: ${crons}`).toEqual(slots);
    expect(crons?.length).toBeLessThanOrEqual(9);
  }
});

test("writes the usual intervals the way people do", () => {
  const cronsOf = (every: object) => compileTriggers(intervalSchedule(every));
  expect(cronsOf({ minutes: 1 })).toEqual(["* * * * *"]);
  expect(cronsOf({ minutes: 5 })).toEqual(["*/5 * * * *"]);
  expect(cronsOf({ hours: 1 })).toEqual(["0 * * * *"]);
  expect(cronsOf({ hours: 6 })).toEqual(["0 */6 * * *"]);
  expect(cronsOf({ hours: 24 })).toEqual(["0 0 * * *"]);
  expect(cronsOf({ minutes: 90 })).toEqual(["0 */3 * * *", "30 1-23/3 * * *"]);
  expect(cronsOf({ seconds: 3600 })).toEqual(["0 * * * *"]);
});

test("leaves seconds, and what does not divide the day, to the ticker", () => {
  for (const every of [
    { seconds: 30 },
    { seconds: 90 },
    { minutes: 7 },
    { hours: 5 },
    { hours: 48 },
  ])
    expect(compileTriggers(intervalSchedule(every))).toBeNull();
});
