import { Cron } from "croner";

interface Field {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  {
    name: "day of week",
    min: 0,
    max: 6,
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
  },
];

/**
 * Checks a cron expression against the grammar that Inngest accepts (one it refuses takes the whole app down with it)
 * and writes it in the one form that every reader understands alike: numbers, `*`, ranges, `/` only after a range.
 * @throws Error with the reason
 */
export function normalizeCronExpression(expression: string): string {
  const text = expression.trim();
  if (text.startsWith("@"))
    throw new Error(
      `"${text}" is a nickname: write its five fields, or use crons.hourly and so on`,
    );
  if (/^(CRON_)?TZ=/i.test(text))
    throw new Error("times are UTC: leave out TZ= and convert the hours");
  const parts = text.split(/\s+/);
  if (parts.length === 6)
    throw new Error("it has six fields: seconds cannot be given, use crons.interval for them");
  if (parts.length !== fields.length)
    throw new Error(
      `it has ${text === "" ? 0 : parts.length} fields instead of five (minute, hour, day of month, month, day of week)`,
    );
  const normalized = fields.map((field, i) => normalizeField(field, parts[i] ?? "")).join(" ");
  if (parseCron(normalized).nextRun() === null) throw new Error("such a date never comes");
  return normalized;
}

/** Reads a normalized expression; days of month and week are joined by "or" when both are restricted, as everywhere. */
export function parseCron(normalized: string): Cron {
  return new Cron(normalized, { timezone: "UTC", mode: "5-part", paused: true });
}

function normalizeField(field: Field, text: string): string {
  const items = text.split(",").map((item) => normalizeItem(field, item));
  // Inngest takes a list with a star in it for a star, which matters to how the two kinds of days combine.
  return items.includes("*") ? "*" : items.join(",");
}

function normalizeItem(field: Field, item: string): string {
  const [range = "", stepText, ...more] = item.split("/");
  const [lowText = "", highText, ...rest] = range.split("-");
  if (more.length > 0 || rest.length > 0) throw unreadable(field, item);
  const isStar = lowText === "*" || lowText === "?";
  if (isStar && highText !== undefined) throw unreadable(field, item);

  const low = isStar ? field.min : readValue(field, lowText, item);
  let high = isStar ? field.max : low;
  if (highText !== undefined) high = readValue(field, highText, item);
  // "5/15" means "from 5 on, every 15".
  else if (stepText !== undefined) high = field.max;
  if (high < low)
    throw new Error(`"${item}" (${field.name}) runs backwards: write it as two ranges`);

  const step = stepText === undefined ? 1 : Number(/^\d+$/.test(stepText) ? stepText : Number.NaN);
  if (!(step >= 1)) throw unreadable(field, item);
  if (step > field.max - field.min && stepText !== undefined)
    throw new Error(`the step in "${item}" (${field.name}) is longer than the field`);

  const stepSuffix = step === 1 ? "" : `/${step}`;
  if (isStar) return `*${stepSuffix}`;
  return high === low ? String(low) : `${low}-${high}${stepSuffix}`;
}

function readValue(field: Field, text: string, item: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + field.min;
  if (!/^\d+$/.test(text)) throw unreadable(field, item);
  const value = Number(text);
  if (field.name === "day of week" && value === 7)
    throw new Error('weekday 7 is not understood everywhere: Sunday is 0 or "sun"');
  if (value < field.min || value > field.max)
    throw new Error(`${value} is no ${field.name}: it goes from ${field.min} to ${field.max}`);
  return value;
}

function unreadable(field: Field, item: string): Error {
  return new Error(
    `"${item}" (${field.name}) cannot be read: numbers, names, * , - and / are understood; L, W and # are not`,
  );
}
