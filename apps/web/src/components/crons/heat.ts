import type { CronWeek } from "@fermata/contract";

export const hourMs = 3_600_000;

/** What happened in an hour, of one job or of all. */
export interface HeatHour {
  start: Date;
  succeeded: number;
  failed: number;
  skipped: number;
}

/** Every hour of the week, oldest first, those without a run too. @param name of one job; of all without it */
export function heatHours(week: CronWeek, name?: string): HeatHour[] {
  const fromMs = Date.parse(week.from);
  const hours = Array.from(
    { length: week.hours },
    (_, hour): HeatHour => ({
      start: new Date(fromMs + hour * hourMs),
      succeeded: 0,
      failed: 0,
      skipped: 0,
    }),
  );
  for (const job of week.jobs) {
    if (name !== undefined && job.name !== name) continue;
    for (const { hour, succeeded, failed, skipped } of job.hours) {
      const sum = hours[hour];
      if (!sum) continue;
      sum.succeeded += succeeded;
      sum.failed += failed;
      sum.skipped += skipped;
    }
  }
  return hours;
}

/** The last seven days of a reader's own, today last, each with its 24 hours; null for what has not come or is not known. */
export function heatDays(
  hours: HeatHour[],
  now: Date,
): { day: Date; hours: (HeatHour | null)[] }[] {
  const byHour = new Map(hours.map((hour) => [localHour(hour.start), hour]));
  return Array.from({ length: 7 }, (_, index) => {
    const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 6 + index);
    return {
      day,
      hours: Array.from({ length: 24 }, (_, hour) => {
        const at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour);
        return at > now ? null : (byHour.get(localHour(at)) ?? null);
      }),
    };
  });
}

/** Zones may be half an hour off: then an hour of UTC counts to the local one in which it begins. */
function localHour(at: Date): string {
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()} ${at.getHours()}`;
}

export function describeHour({ succeeded, failed, skipped }: HeatHour): string {
  const parts = [
    succeeded > 0 && `${succeeded} ok`,
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} skipped`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "no runs";
}

/** How an hour is filled: failures first, then the more the darker. @param most runs in any hour that is shown */
export function heatFill(
  { succeeded, failed, skipped }: HeatHour,
  most: number,
): { className: string; opacity: number } {
  if (failed > 0) return { className: "fill-destructive", opacity: 1 };
  if (succeeded > 0)
    return {
      className: "fill-chart-1",
      opacity: 0.3 + 0.7 * Math.sqrt(succeeded / Math.max(1, most)),
    };
  if (skipped > 0) return { className: "fill-border-strong", opacity: 1 };
  return { className: "fill-secondary", opacity: 1 };
}
