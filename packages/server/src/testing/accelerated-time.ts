import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import type { Services } from "../context";

const STEP_MS = 200;
const UNENDED =
  "SELECT FROM fermata_runner.run WHERE ended_at IS NULL AND due_at <= $1::timestamptz LIMIT 1";

/**
 * Lets time pass as fast as the machine keeps up: it stands still while the embedded runner has something to do, for so
 * long at most.
 */
export function accelerateTime(
  { pool, clock }: Pick<Services, "pool" | "clock">,
  longestStopMs = 2000,
) {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });

  async function settle(): Promise<void> {
    const startedAt = performance.now();
    // An event that was just fired may be on its way into the table.
    await sleep(1);
    while (performance.now() - startedAt < longestStopMs) {
      const { rowCount } = await pool.query(UNENDED, [clock.now()]);
      if (rowCount === 0) return;
      await sleep(2);
    }
  }

  return {
    async pass(
      seconds: number,
      until: () => boolean = () => false,
      stepMs = STEP_MS,
    ): Promise<void> {
      for (let passedMs = 0; passedMs < seconds * 1000 && !until(); passedMs += stepMs) {
        await vi.advanceTimersByTimeAsync(stepMs);
        await settle();
      }
    },
    stop: () => vi.useRealTimers(),
  };
}
