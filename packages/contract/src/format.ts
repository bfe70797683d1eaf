const units = ["B", "KB", "MB", "GB", "TB", "PB"];

/** A size in the steps of 1024 that the limits are made of: `84.2 MB`. */
export function formatBytes(bytes: number): string {
  const { value, unit } = splitBytes(bytes);
  return `${value} ${unit}`;
}

/** The same in two pieces, for figures that set the unit smaller. */
export function splitBytes(bytes: number): { value: string; unit: string } {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return { value: String(Number(value.toFixed(digits))), unit: units[unit] ?? "" };
}

/** A whole number: `1,284`. Without `Intl`, whose tables take a phone 80 ms to load before it shows its first figure. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 file`, `1,284 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
