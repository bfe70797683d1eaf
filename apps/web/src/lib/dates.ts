const dayMs = 86_400_000;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const shortDay = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
});
const dayAndMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
});
const longDay = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const monthOfYear = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });
const utcDay = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const exact = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

export function formatClock(date: Date): string {
  return clock.format(date);
}

export function formatClockSeconds(date: Date): string {
  return clockSeconds.format(date);
}

/** `Monday 23 November`. */
export function formatLongDay(date: Date): string {
  return longDay.format(date).replace(",", "");
}

/** `November 2026`. */
export function formatMonth(date: Date): string {
  return monthOfYear.format(date);
}

/** A UTC day such as `2026-11-23` as `23 Nov`. */
export function formatUtcDay(day: string): string {
  return utcDay.format(new Date(`${day}T00:00:00Z`));
}

/** The whole instant with its zone, for those who hover. */
export function formatExact(date: Date): string {
  return exact.format(date);
}

/** `Today`, `Yesterday`, `Tomorrow`, `Sat 21 Nov`, `3 Sep`, `3 Sep 2025`. */
export function formatDay(date: Date, now: Date): string {
  const days = Math.round((startOfDay(date) - startOfDay(now)) / dayMs);
  if (days === 0) return "Today";
  if (days === -1) return "Yesterday";
  if (days === 1) return "Tomorrow";
  if (Math.abs(days) < 7) return shortDay.format(date).replace(",", "");
  return (date.getFullYear() === now.getFullYear() ? dayAndMonth : dayOfYear).format(date);
}

/** The same inside a sentence: `today`, but `Sat 21 Nov`. */
export function sentenceDay(date: Date, now: Date): string {
  const day = formatDay(date, now);
  return /^[TY]\w+(day|morrow)$/.test(day) ? day.toLowerCase() : day;
}

/** `14:32` for today, else the day and the time. */
export function formatWhen(date: Date, now: Date): string {
  const day = formatDay(date, now);
  return day === "Today" ? formatClock(date) : `${day}, ${formatClock(date)}`;
}

/** `in 24 min`, `4 min ago`, `now`. */
export function formatRelative(date: Date, now: Date): string {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const span = formatLargest(Math.abs(seconds));
  if (Math.abs(seconds) < 2) return "now";
  return seconds > 0 ? `in ${span}` : `${span} ago`;
}

function formatLargest(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** The browser's time zone, such as `Europe/Stockholm`. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
