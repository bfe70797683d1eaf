import { expect, test } from "vitest";
import { describeHour, heatDays, heatFill, heatHours, hourMs } from "./heat";

const now = new Date(2026, 10, 28, 14, 20);
const thisHour = new Date(2026, 10, 28, 14);
const from = new Date(thisHour.getTime() - 191 * hourMs);
const hour = (index: number, counts: object = {}) => ({
  hour: index,
  succeeded: 0,
  failed: 0,
  skipped: 0,
  ...counts,
});
const week = {
  from: from.toISOString(),
  hours: 192,
  jobs: [
    { name: "a", hours: [hour(191, { succeeded: 1 }), hour(0, { skipped: 2 })] },
    { name: "b", hours: [hour(191, { succeeded: 2, failed: 1 })] },
  ],
};

test("hours add up over all jobs, or are of one, and none is missing", () => {
  const all = heatHours(week);
  expect(all).toHaveLength(192);
  expect(all[191]).toEqual({ start: thisHour, succeeded: 3, failed: 1, skipped: 0 });
  expect(heatHours(week, "a")[191]).toMatchObject({ succeeded: 1, failed: 0 });
  expect(all[5]).toMatchObject({ succeeded: 0, failed: 0, skipped: 0 });
});

test("days are the reader's own, today last, and what has not come is empty", () => {
  const days = heatDays(heatHours(week), now);
  expect(days.map(({ day }) => day.getDate())).toEqual([22, 23, 24, 25, 26, 27, 28]);
  expect(days[6]?.hours[14]).toMatchObject({ succeeded: 3 });
  expect(days[6]?.hours.slice(15)).toEqual(Array(9).fill(null));
  expect(days.flatMap(({ hours }) => hours).filter(Boolean)).toHaveLength(6 * 24 + 15);
});

test("a failure shows before anything else, and many runs darker than few", () => {
  const [at = new Date()] = [thisHour];
  const filled = (counts: object) => heatFill({ start: at, ...hour(0, counts) }, 16);
  expect(filled({ succeeded: 9, failed: 1 }).className).toBe("fill-destructive");
  expect(filled({ succeeded: 16 }).opacity).toBe(1);
  expect(filled({ succeeded: 1 }).opacity).toBeCloseTo(0.475);
  expect(filled({ skipped: 3 }).className).toBe("fill-border-strong");
  expect(filled({}).className).toBe("fill-secondary");
  expect(describeHour({ start: at, ...hour(0, { succeeded: 2, skipped: 1 }) })).toBe(
    "2 ok, 1 skipped",
  );
});
