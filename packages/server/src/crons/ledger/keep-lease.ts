import type { Services } from "../../context";
import { LEASE_SECONDS, secondsAfter } from "./claim-run";
import type { RunLog } from "./run-log";

/** Three beats a lease: two may fail before a run that lives counts as lost. */
const BEAT_MS = (LEASE_SECONDS * 1000) / 3;

/** Extends a run's lease while it runs, and writes down what it logged so far. @returns a function that stops it */
export function keepLease(
  ctx: Services,
  runId: string,
  options: { runLog: RunLog; onLost(): void },
): () => void {
  const timer = setInterval(async () => {
    try {
      const log = options.runLog.takeChanges();
      const { count } = await ctx.db.cronRun.updateMany({
        where: { id: runId, status: "running" },
        data: {
          leaseExpiresAt: secondsAfter(ctx.clock.now(), LEASE_SECONDS),
          ...(log && { log }),
        },
      });
      if (count === 0) options.onLost();
    } catch (err) {
      ctx.log.warn(
        { err, runId },
        "a cron run's lease could not be extended; it will be tried again",
      );
    }
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
