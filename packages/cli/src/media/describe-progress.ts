import { formatCount } from "@fermata/contract/format";

/** `1,200 of 5,000 rows, 24 %`. */
export function describeProgress(done: number, total: number | null): string {
  if (total === null) return `${formatCount(done)} rows`;
  // Rows that came meanwhile are walked too.
  const whole = Math.max(total, done);
  const percent = whole === 0 ? 100 : Math.floor((done / whole) * 100);
  return `${formatCount(done)} of ${formatCount(whole)} rows, ${percent} %`;
}
