import cronstrue from "cronstrue";
import { normalizeCronExpression } from "./cron-expression";

/** When a job runs. All instants are UTC. */
export type Schedule = IntervalSchedule | CronSchedule;

/** Slots are the multiples of the interval since 1970: every process knows them without asking, and they cannot drift. */
export interface IntervalSchedule {
  kind: "interval";
  everySeconds: number;
  /** As it was written. */
  written: string;
  inWords: string;
}

export interface CronSchedule {
  kind: "cron";
  /** Five fields, normalized. */
  expression: string;
  written: string;
  inWords: string;
}

export interface TimeOfDay {
  hourUTC?: number;
  minuteUTC?: number;
}

const daysOfWeek = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;
export type DayOfWeek = (typeof daysOfWeek)[number];

const unitSeconds = { seconds: 1, minutes: 60, hours: 3600 } as const;
type Unit = keyof typeof unitSeconds;
const LONGEST_INTERVAL_SECONDS = 366 * 86_400;
const SWEEP_SECONDS = 6 * 3600;

export function intervalSchedule(every: { [unit in Unit]?: number }): IntervalSchedule {
  const given = Object.entries(every).filter(([, count]) => count !== undefined);
  const [unit, count] = given[0] ?? [];
  if (given.length !== 1 || unit === undefined || !(unit in unitSeconds))
    throw new Error("an interval takes exactly one of seconds, minutes and hours");
  if (!Number.isSafeInteger(count) || Number(count) < 1)
    throw new Error(`an interval is a whole number from 1, not ${count}`);
  const everySeconds = Number(count) * unitSeconds[unit as Unit];
  if (everySeconds > LONGEST_INTERVAL_SECONDS)
    throw new Error("an interval is at most a year: use crons.monthly or crons.cron");
  return {
    kind: "interval",
    everySeconds,
    written: `every ${count} ${count === 1 ? unit.slice(0, -1) : unit}`,
    inWords: intervalInWords(everySeconds),
  };
}

export function hourlySchedule({ minuteUTC = 0 }: { minuteUTC?: number } = {}): CronSchedule {
  checkRange("minuteUTC", minuteUTC, 0, 59);
  const inWords =
    minuteUTC === 0 ? "Every hour, on the hour" : `Every hour, ${minuteUTC} minutes past`;
  return fixedSchedule(`${minuteUTC} * * * *`, inWords);
}

export function dailySchedule(at: TimeOfDay = {}): CronSchedule {
  const time = readTime(at);
  return fixedSchedule(`${time.fields} * * *`, `Every day at ${time.inWords}`);
}

export function weeklySchedule({
  dayOfWeek,
  ...at
}: TimeOfDay & { dayOfWeek: DayOfWeek }): CronSchedule {
  const day = daysOfWeek.indexOf(dayOfWeek);
  if (day < 0)
    throw new Error(`"${dayOfWeek}" is no day of the week: use ${daysOfWeek.join(", ")}`);
  const time = readTime(at);
  const name = `${dayOfWeek.charAt(0).toUpperCase()}${dayOfWeek.slice(1)}`;
  return fixedSchedule(`${time.fields} * * ${day}`, `Every ${name} at ${time.inWords}`);
}

export function monthlySchedule({ day, ...at }: TimeOfDay & { day: number }): CronSchedule {
  checkRange("day", day, 1, 31);
  const time = readTime(at);
  const where = day > 28 ? `every month that has a day ${day}` : "every month";
  return fixedSchedule(
    `${time.fields} ${day} * *`,
    `On day ${day} of ${where}, at ${time.inWords}`,
  );
}

export function cronSchedule(written: string): CronSchedule {
  const expression = normalizeCronExpression(written);
  return { kind: "cron", expression, written, inWords: `${expressionInWords(expression)} (UTC)` };
}

function expressionInWords(expression: string): string {
  const [minute = "*", hour = "*", day = "*", month = "*", weekday = "*"] = expression.split(" ");
  const words = { use24HourTimeFormat: true };
  if (day === "*" || weekday === "*")
    return cronstrue.toString(expression, { ...words, verbose: true });
  // Where both kinds of days are restricted either will do, and the library would say "and".
  const partInWords = (fields: string) => {
    const text = cronstrue.toString(`* * ${fields}`, words).replace("Every minute, ", "");
    return text.replace(/^only on /, "on ");
  };
  const days = `${partInWords(`${day} * *`)} or ${partInWords(`* * ${weekday}`)}`;
  const months = month === "*" ? "" : `, ${partInWords(`* ${month} *`)}`;
  return `${cronstrue.toString(`${minute} ${hour} * * *`, words)}, ${days}${months}`;
}

/** Those of a schedule's slots that lie six hours apart. @throws Error where it has none */
export function sweepSchedule(schedule: Schedule): Schedule {
  if (schedule.kind === "interval" && SWEEP_SECONDS % schedule.everySeconds === 0)
    return intervalSchedule({ seconds: SWEEP_SECONDS });
  const [, minute] =
    schedule.kind === "cron" ? (/^(\d+) \* \* \* \*$/.exec(schedule.expression) ?? []) : [];
  if (minute === undefined)
    throw new Error("onlyWhen goes with crons.hourly, and with intervals that divide six hours");
  return cronSchedule(`${minute} */6 * * *`);
}

function fixedSchedule(expression: string, inWords: string): CronSchedule {
  return { kind: "cron", expression, written: expression, inWords };
}

function readTime({ hourUTC = 0, minuteUTC = 0 }: TimeOfDay) {
  checkRange("hourUTC", hourUTC, 0, 23);
  checkRange("minuteUTC", minuteUTC, 0, 59);
  const pad = (value: number) => String(value).padStart(2, "0");
  return { fields: `${minuteUTC} ${hourUTC}`, inWords: `${pad(hourUTC)}:${pad(minuteUTC)} UTC` };
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new Error(`${name} is a whole number from ${min} to ${max}, not ${value}`);
}

function intervalInWords(everySeconds: number): string {
  if (everySeconds === 3600) return "Every hour, on the hour";
  for (const [unit, seconds] of [
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ] as const) {
    if (everySeconds % seconds !== 0) continue;
    const count = everySeconds / seconds;
    return count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`;
  }
  throw new Error("unreachable: every whole number is a number of seconds");
}
