import { formatBytes } from "@fermata/contract/format";

export { formatBytes, formatCount, plural, splitBytes } from "@fermata/contract/format";

/** How long something took: `412 ms`, `8.1 s`, `3 min 41 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) {
    return `${Number((milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0))} s`;
  }
  return formatSpan(milliseconds / 1000);
}

/** A span in its two largest units: `3 min 41 s`, `2 h 5 min`, `6 d`. */
function formatSpan(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return join(minutes, "min", whole % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, "h", minutes % 60, "min");
  return `${Math.floor(hours / 24)} d`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

export function formatTimeLeft(seconds: number): string {
  return `${formatSpan(Math.max(1, seconds))} left`;
}

export function formatSpeed(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `640 × 480`; null for what has no pixels, such as a sound in a container of films, or has not told them yet. */
export function formatPixels(size: { width?: number; height?: number } | null): string | null {
  return size?.width && size.height ? `${size.width} × ${size.height}` : null;
}

/** A clip's length as players show it: `4:32`, `1:04:32`. */
export function formatClipLength(seconds: number): string {
  const whole = Math.round(seconds);
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = clock[0] === 0 ? clock.slice(1) : clock;
  return shown.map((part, index) => (index === 0 ? part : String(part).padStart(2, "0"))).join(":");
}
