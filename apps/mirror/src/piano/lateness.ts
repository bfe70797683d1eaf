/** Clocks drift by some milliseconds a minute, so the quickest event is only believed for about so long. */
const windowMs = 30_000;

/**
 * How much later than the quickest of late an event arrived. The two clocks need not agree: what stays the same
 * between them falls out.
 */
export function createLateness() {
  let current = { startedAtMs: 0, quickestMs: Number.POSITIVE_INFINITY };
  let before = current;

  return function lateMs(sentAtMs: number, arrivedAtMs: number): number {
    if (arrivedAtMs - current.startedAtMs > windowMs) {
      before = current;
      current = { startedAtMs: arrivedAtMs, quickestMs: Number.POSITIVE_INFINITY };
    }
    const travelMs = arrivedAtMs - sentAtMs;
    current.quickestMs = Math.min(current.quickestMs, travelMs);
    return travelMs - Math.min(current.quickestMs, before.quickestMs);
  };
}

/** Beyond this an echo would disturb more than a silence. */
export const tooLateToSoundMs = 250;
