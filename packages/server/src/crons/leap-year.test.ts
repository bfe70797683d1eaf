import { expect, test } from "vitest";
import {
  equals,
  type Instants,
  leapYear,
  makeInstants,
  nextOf,
  readCrons,
} from "../testing/leap-year";
import { randomFrom } from "../testing/random";
import { compileTriggers } from "./compile-triggers";
import { nextSlot, slotAt } from "./next-slots";
import { type CronJobs, cronJobs } from "./registry";
import { parseCron } from "./schedule/cron-expression";
import { planMinute } from "./schedule/plan-ticks";

const SCHEDULES = 10_000;
const YEAR_MS = leapYear.days * 86_400_000;
const weekdays = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;
const random = randomFrom(20_280_229);
const job = { description: "", run: async () => null };
const everyDay = () => true;

/** What was declared, and when it is due by the words of the declaration: instants, or each so many milliseconds. */
interface Declared {
  title: string;
  declare(crons: CronJobs): void;
  due: Instants | { everyMs: number };
}

function randomSchedule(): Declared {
  const minuteUTC = random(60);
  const hourUTC = random(24);
  const at = (minute: number) => minute === hourUTC * 60 + minuteUTC;
  const time = { hourUTC, minuteUTC };
  const kinds: (() => Declared)[] = [
    randomInterval,
    randomInterval,
    randomCron,
    randomCron,
    () => ({
      title: `hourly at ${minuteUTC}`,
      declare: (crons) => crons.hourly("job", { minuteUTC }, job),
      due: makeInstants(everyDay, (minute) => minute % 60 === minuteUTC),
    }),
    () => ({
      title: `daily at ${hourUTC}:${minuteUTC}`,
      declare: (crons) => crons.daily("job", time, job),
      due: makeInstants(everyDay, at),
    }),
    () => {
      const dayOfWeek = weekdays[random(7)] ?? "sunday";
      const isDay = (date: Date) => weekdays[date.getUTCDay()] === dayOfWeek;
      return {
        title: `${dayOfWeek} at ${hourUTC}:${minuteUTC}`,
        declare: (crons) => crons.weekly("job", { ...time, dayOfWeek }, job),
        due: makeInstants(isDay, at),
      };
    },
    () => {
      const day = 1 + random(31);
      return {
        title: `day ${day} at ${hourUTC}:${minuteUTC}`,
        declare: (crons) => crons.monthly("job", { ...time, day }, job),
        due: makeInstants((date) => date.getUTCDate() === day, at),
      };
    },
  ];
  const kind = kinds[random(kinds.length)] ?? randomCron;
  return kind();
}

function randomInterval(): Declared {
  const units = { seconds: 1000, minutes: 60_000, hours: 3_600_000 } as const;
  const unit = (["seconds", "minutes", "minutes", "hours"] as const)[random(4)] ?? "minutes";
  // Half of them divide the day, and become crons.
  const dividers = [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 30, 36, 40, 45, 48, 60, 90];
  const count = random(2) === 0 ? (dividers[random(dividers.length)] ?? 1) : 1 + random(200);
  const everyMs = count * units[unit];
  const every = { [unit]: count } as { minutes: number };
  const isOnMinutes = everyMs % 60_000 === 0 && 86_400_000 % everyMs === 0;
  return {
    title: `every ${count} ${unit}`,
    declare: (crons) => crons.interval("job", every, job),
    due: isOnMinutes
      ? makeInstants(everyDay, (minute) => (minute * 60_000) % everyMs === 0)
      : { everyMs },
  };
}

function randomCron(): Declared {
  const field = (min: number, max: number, names: string[] = []) => {
    const value = (low = min) => {
      const n = low + random(max - low + 1);
      return [n, random(3) === 0 ? (names[n - min] ?? String(n)) : String(n)] as const;
    };
    const item = () => {
      const [low, lowText] = value();
      const [, highText] = value(low);
      const step = 1 + random(max - min);
      return [`${lowText}`, `${lowText}-${highText}`, `${lowText}/${step}`, `*/${step}`][random(4)];
    };
    return random(3) === 0 ? "*" : Array.from({ length: 1 + random(3) }, item).join(",");
  };
  const months = "jan feb MAR apr may jun JUL aug sep oct nov dec".split(" ");
  const expression = [
    field(0, 59),
    field(0, 23),
    field(1, 28),
    field(1, 12, months),
    field(0, 6, "sun MON tue wed thu FRI sat".split(" ")),
  ].join(" ");
  return {
    title: expression,
    declare: (crons) => crons.cron("job", expression, job),
    due: readCrons([expression]),
  };
}

test("10,000 random schedules fire at exactly their instants over a leap year", () => {
  const seen = { crons: 0, ticker: 0, severalCrons: 0 };
  for (let i = 0; i < SCHEDULES; i++) {
    const { title, declare, due } = randomSchedule();
    const crons = cronJobs();
    declare(crons);
    const [declared] = crons.jobs;
    if (!declared) throw new Error("no job");
    const { schedule } = declared;
    const triggers = compileTriggers(schedule);
    const instantMs = leapYear.startMs + random(YEAR_MS);

    if (triggers === null) {
      seen.ticker++;
      if (!("everyMs" in due)) throw new Error(`${title} needs no ticker`);
      // The ticker's minutes tile the year; any of them must plan exactly the multiples within it.
      const minute = Math.floor(instantMs / 60_000) * 60_000;
      const planned = planMinute(crons.jobs, new Date(minute)).map(({ slot }) => slot.getTime());
      const expected: number[] = [];
      for (
        let slot = Math.ceil(minute / due.everyMs) * due.everyMs;
        slot < minute + 75_000;
        slot += due.everyMs
      )
        expected.push(slot);
      expect(planned, title).toEqual(expected);
      expect(nextSlot(schedule, new Date(instantMs)).getTime(), title).toBe(
        (Math.floor(instantMs / due.everyMs) + 1) * due.everyMs,
      );
      continue;
    }

    seen.crons++;
    if (triggers.length > 1) seen.severalCrons++;
    if ("everyMs" in due) throw new Error(`${title} has no crons that fire at its instants`);
    expect(triggers.length, title).toBeLessThanOrEqual(9);
    const fired = readCrons(triggers);
    // Each combination of a day and a minute is one instant of the year: equal sets, each instant once.
    if (!equals(fired.days, due.days) || !equals(fired.minutes, due.minutes))
      throw new Error(`${title} compiled to ${triggers.join(" | ")}`);

    // The same through the readers that run, of every tenth: the runner's clock and the ledger's slots.
    if (i % 10 > 0) continue;
    const expected = nextOf(due, instantMs);
    if (expected === null) continue;
    const next = triggers.map((text) => parseCron(text).nextRun(new Date(instantMs))?.getTime());
    expect(Math.min(...next.map((ms) => ms ?? Number.POSITIVE_INFINITY)), title).toBe(expected);
    expect(nextSlot(schedule, new Date(instantMs)).getTime(), title).toBe(expected);
    expect(slotAt(schedule, new Date(expected + 30_000)).getTime(), title).toBe(expected);
  }
  expect(seen.crons).toBeGreaterThan(5000);
  expect(seen.severalCrons).toBeGreaterThan(100);
  expect(seen.ticker).toBeGreaterThan(1000);
});
