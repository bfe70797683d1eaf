/** The year over which schedules are read: it has a 29th of February. */
export const leapYear = { startMs: Date.UTC(2028, 0, 1), days: 366 };

/**
 * The instants at which something fires in the leap year, as the days and the minutes of the day whose combinations
 * they are: exact, and small enough for thousands of schedules. How often is counted, so that doubles show.
 */
export interface Instants {
  days: Uint8Array;
  minutes: Uint8Array;
}

const names = {
  3: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  4: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};
const bounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** Reads cron expressions of five fields, apart from the product's own way, by the rules that cron is known for. */
export function readCrons(expressions: readonly string[]): Instants {
  const read = expressions.map(readCron);
  const [first] = read;
  if (!first) throw new Error("no expressions");
  const minutes = new Uint8Array(1440);
  for (const one of read) {
    if (!equals(one.days, first.days)) throw new Error("expressions of different days");
    for (const [i, count] of one.minutes.entries()) minutes[i] = (minutes[i] ?? 0) + count;
  }
  return { days: first.days, minutes };
}

function readCron(expression: string): Instants {
  const texts = expression.toLowerCase().split(" ");
  const [minute, hour, day, month, weekday] = texts.map(readField);
  if (!minute || !hour || !day || !month || !weekday) throw new Error(`five fields: ${expression}`);
  // As in Inngest's reader: with a step above one, a star restricts.
  const isStar = (text = "") => text.split(",").some((item) => /^[*?](\/1)?$/.test(item));
  const either = !isStar(texts[2]) && !isStar(texts[4]);
  return makeInstants(
    (date) => {
      const fitsDay = day.has(date.getUTCDate());
      const fitsWeekday = weekday.has(date.getUTCDay());
      const fits = either ? fitsDay || fitsWeekday : fitsDay && fitsWeekday;
      return fits && month.has(date.getUTCMonth() + 1);
    },
    (minuteOfDay) => minute.has(minuteOfDay % 60) && hour.has(Math.floor(minuteOfDay / 60)),
  );
}

function readField(text: string, field: number): Set<number> {
  const [min, max] = bounds[field] ?? [0, 0];
  const value = (word: string) => {
    const named = field === 3 || field === 4 ? names[field].indexOf(word) : -1;
    return named < 0 ? Number(word) : named + min;
  };
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const [range = "", step] = item.split("/");
    const [low = "", high] = range.split("-");
    const from = /^[*?]$/.test(low) ? min : value(low);
    let until = high === undefined ? from : value(high);
    if (/^[*?]$/.test(low) || (step !== undefined && high === undefined)) until = max;
    for (let n = from; n <= until; n += Number(step ?? 1)) values.add(n);
  }
  return values;
}

export function makeInstants(
  fitsDay: (date: Date) => boolean,
  fitsMinute: (minuteOfDay: number) => boolean,
): Instants {
  const days = Uint8Array.from({ length: leapYear.days }, (_, day) =>
    Number(fitsDay(new Date(leapYear.startMs + day * 86_400_000))),
  );
  const minutes = Uint8Array.from({ length: 1440 }, (_, minute) => Number(fitsMinute(minute)));
  return { days, minutes };
}

/** The first of the instants after one, or null where the year has no more. */
export function nextOf({ days, minutes }: Instants, afterMs: number): number | null {
  const minuteOfYear = Math.floor((afterMs - leapYear.startMs) / 60_000) + 1;
  let minute = minutes.indexOf(1, minuteOfYear % 1440);
  let day = Math.floor(minuteOfYear / 1440);
  if (minute < 0 || days[day] !== 1) {
    day = days.indexOf(1, day + 1);
    minute = minutes.indexOf(1);
  }
  return day < 0 || minute < 0 ? null : leapYear.startMs + (day * 1440 + minute) * 60_000;
}

export function equals(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
