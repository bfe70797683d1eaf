/** The distance of a chart's gridlines: 1, 2 or 5 times a power of ten, such that the largest value needs at most five. */
export function niceStep(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [0.2, 0.5, 1, 2].map((factor) => factor * power).find((size) => largest / size <= 5);
  return Math.max(1, step ?? power);
}
