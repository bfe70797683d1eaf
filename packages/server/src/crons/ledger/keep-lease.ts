import type { Services } from "../../context";
import { LEASE_SECONDS, secondsAfter } from "./claim-run";
import type { RunBook } from "./run-books";
import type { RunLog } from "./run-log";

/** Three beats a lease: two may fail before a run that lives counts as lost. */
const BEAT_MS = (LEASE_SECONDS * 1000) / 3;

/** Extends a run's lease while it runs, and writes down what it logged so far. @returns a function that stops it */
export function keepLease(
  ctx: Services,
  { runId, book }: { runId: string; book: RunBook },
  options: { runLog: RunLog; onLost(): void },
): () => void {
  const timer = setInterval(async () => {
    try {
      const log = options.runLog.takeChanges();
      const isOurs = await book.change(ctx, runId, {
        leaseExpiresAt: secondsAfter(ctx.clock.now(), LEASE_SECONDS),
        ...(log && { log }),
      });
      if (!isOurs) options.onLost();
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
