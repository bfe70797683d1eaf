const dayMs = 86_400_000;

const minuteMs = 60_000;

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** What a clock and a calendar on a wall show. */
interface Wall {
  year: number;
  /** 0 is January. */
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  hour: number;
  minute: number;
  second: number;
}

/**
 * A zone as `Europe/Stockholm`; null is that of this machine, which asks no table of zones: to load it takes a phone longer
 * than all the rest of a page's text.
 */
type Zone = string | null;

function wallOf(date: Date, zone: Zone): Wall {
  if (zone) {
    // A date whose UTC fields are the zone's.
    return wallInUtc(new Date(date.getTime() + offsetMinutesOf(date, zone) * minuteMs));
  }
  return {
    year: date.getFullYear(),
    month: date.getMonth(),
    day: date.getDate(),
    weekday: date.getDay(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
  };
}

function wallInUtc(date: Date): Wall {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * How far a zone is from UTC at an instant, in minutes: 60 for Stockholm in winter. Each spelling is remembered: let it be a
 * `knownZone` where a stranger names it.
 * @throws RangeError for a zone that this machine does not know
 */
export function offsetMinutesOf(date: Date, zone: Zone): number {
  if (!zone) return -date.getTimezoneOffset();
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
    formats.set(zone, format);
  }
  const name = format.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value;
  // `GMT`, `GMT+05:30`, `GMT-11:00`.
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name ?? "") ?? [];
  return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) : 0;
}

const twoDigits = (value: number) => String(value).padStart(2, "0");
const weekdayName = ({ weekday }: Wall) => weekdays[weekday] ?? "";
const monthName = ({ month }: Wall) => months[month] ?? "";
const short = (name: string) => name.slice(0, 3);
const clockOf = ({ hour, minute }: Wall) => `${twoDigits(hour)}:${twoDigits(minute)}`;
const dayAndMonth = (wall: Wall) => `${wall.day} ${short(monthName(wall))}`;

export function formatClock(date: Date, zone: Zone = null): string {
  return clockOf(wallOf(date, zone));
}

export function formatClockSeconds(date: Date, zone: Zone = null): string {
  const wall = wallOf(date, zone);
  return `${clockOf(wall)}:${twoDigits(wall.second)}`;
}

/** `Monday 23 November`. */
export function formatLongDay(date: Date, zone: Zone = null): string {
  const wall = wallOf(date, zone);
  return `${weekdayName(wall)} ${wall.day} ${monthName(wall)}`;
}

/** `November 2026`. */
export function formatMonth(date: Date, zone: Zone = null): string {
  const wall = wallOf(date, zone);
  return `${monthName(wall)} ${wall.year}`;
}

/** A UTC day such as `2026-11-23` as `23 Nov`. */
export function formatUtcDay(day: string): string {
  return dayAndMonth(wallInUtc(new Date(`${day}T00:00:00Z`)));
}

/** A UTC month such as `2026-11` as `Nov`. */
export function formatUtcMonth(month: string): string {
  return short(monthName(wallInUtc(new Date(`${month}-01T00:00:00Z`))));
}

/** `Mon`. */
export function formatWeekday(date: Date): string {
  return short(weekdayName(wallOf(date, null)));
}

/** `Good morning`, at that hour. */
export function greetingAt(date: Date, zone: Zone = null): string {
  const { hour } = wallOf(date, zone);
  if (hour < 5) return "Good night";
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}

/** The whole instant with its zone, for those who hover: `Mon 23 Nov 2026, 14:36:00 UTC+1`. */
export function formatExact(date: Date, zone: Zone = null): string {
  const wall = wallOf(date, zone);
  const offset = offsetMinutesOf(date, zone);
  const far = Math.abs(offset);
  const minutes = far % 60 > 0 ? `:${twoDigits(far % 60)}` : "";
  const utc =
    offset === 0 ? "UTC" : `UTC${offset < 0 ? "-" : "+"}${Math.floor(far / 60)}${minutes}`;
  return `${short(weekdayName(wall))} ${dayAndMonth(wall)} ${wall.year}, ${clockOf(wall)}:${twoDigits(wall.second)} ${utc}`;
}

/** `Today`, `Yesterday`, `Tomorrow`, `Sat 21 Nov`, `3 Sep`, `3 Sep 2025`. */
export function formatDay(date: Date, now: Date, zone: Zone = null): string {
  const wall = wallOf(date, zone);
  const today = wallOf(now, zone);
  const days = (dayNumber(wall) - dayNumber(today)) / dayMs;
  if (days === 0) return "Today";
  if (days === -1) return "Yesterday";
  if (days === 1) return "Tomorrow";
  if (Math.abs(days) < 7) return `${short(weekdayName(wall))} ${dayAndMonth(wall)}`;
  return wall.year === today.year ? dayAndMonth(wall) : `${dayAndMonth(wall)} ${wall.year}`;
}

/** The same inside a sentence: `today`, but `Sat 21 Nov`. */
export function sentenceDay(date: Date, now: Date): string {
  const day = formatDay(date, now);
  return /^[TY]\w+(day|morrow)$/.test(day) ? day.toLowerCase() : day;
}

/** `14:32` for today, else the day and the time. */
export function formatWhen(date: Date, now: Date, zone: Zone = null): string {
  const day = formatDay(date, now, zone);
  const clock = formatClock(date, zone);
  return day === "Today" ? clock : `${day}, ${clock}`;
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

/** Days apart are whole multiples of a day here, whatever a zone does to its clocks between them. */
function dayNumber({ year, month, day }: Wall): number {
  return Date.UTC(year, month, day);
}
