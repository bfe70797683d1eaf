/** More than ten fingers strike, and than files of notes that a machine plays do. */
const strokesPerSecond = 240;

/**
 * How many strokes one of the others has left: a second's worth at most, so that what a line held back comes through
 * in one piece, and a page that sends without end costs no more than a fast piece does.
 */
export function createStrokeBudget(now: () => number = () => performance.now()) {
  let left = strokesPerSecond;
  let at = now();

  return function take(): boolean {
    const asked = now();
    left = Math.min(strokesPerSecond, left + ((asked - at) / 1000) * strokesPerSecond);
    at = asked;
    if (left < 1) return false;
    left--;
    return true;
  };
}
