import type { Schedule } from "./schedule/schedule";

/** Inngest takes ten triggers a function; one of them is the event of runs by hand. */
const MAX_CRONS = 9;

/**
 * The cron triggers that fire at exactly a schedule's slots, or null where none do: then the shared ticker sends an
 * event for each slot. Intervals of whole minutes that divide the day need one to eight crons.
 */
export function compileTriggers(schedule: Schedule): string[] | null {
  if (schedule.kind === "cron") return [schedule.expression];
  const everyMinutes = schedule.everySeconds / 60;
  if (!Number.isInteger(everyMinutes) || 1440 % everyMinutes !== 0) return null;

  const hoursByMinutes = new Map<string, number[]>();
  for (let hour = 0; hour < 24; hour++) {
    const minutes = multiplesBetween(everyMinutes, hour * 60, 60);
    if (minutes.length === 0) continue;
    const field = writeField(minutes, 60);
    hoursByMinutes.set(field, [...(hoursByMinutes.get(field) ?? []), hour]);
  }
  const crons = [...hoursByMinutes].map(
    ([minutes, hours]) => `${minutes} ${writeField(hours, 24)} * * *`,
  );
  return crons.length <= MAX_CRONS ? crons : null;
}

/** The multiples of `step` in `[start, start + length)`, counted from `start`. */
function multiplesBetween(step: number, start: number, length: number): number[] {
  const first = Math.ceil(start / step) * step;
  const values: number[] = [];
  for (let value = first; value < start + length; value += step) values.push(value - start);
  return values;
}

/** Values of a field of `size` in cron's shorthand, where they have one. */
function writeField(values: number[], size: number): string {
  if (values.length === size) return "*";
  const [first = 0, second] = values;
  if (second === undefined) return String(first);
  const step = second - first;
  const isRegular = values.every((value, i) => value === first + i * step);
  const reachesEnd = (values.at(-1) ?? 0) + step >= size;
  if (!isRegular || !reachesEnd) return values.join(",");
  return first === 0 ? `*/${step}` : `${first}-${size - 1}/${step}`;
}
