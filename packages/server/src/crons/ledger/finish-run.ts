import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "../../context";
import type { Prisma } from "../../generated/prisma/client";
import { isDatabaseUnavailable } from "../../ground/database-failure";
import { toLedgerError, toLedgerResult } from "./ledger-values";
import type { RunBook, RunChange } from "./run-books";

export type RunEnd = (
  | { status: "succeeded"; result: unknown }
  | { status: "failed"; error: unknown }
) & {
  /** What it logged since it was written down last. */
  log?: Prisma.InputJsonObject | undefined;
};

/** Within a lease's time: what was done should not count as lost because PostgreSQL restarts. */
const RETRY_DELAYS_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000];

/** Writes how a run ended. @returns false when the ledger had given the run up before */
export async function finishRun(
  ctx: Services,
  { runId, book }: { runId: string; book: RunBook },
  end: RunEnd,
): Promise<boolean> {
  const result = end.status === "succeeded" ? toLedgerResult(end.result) : undefined;
  const change: RunChange = {
    status: end.status,
    finishedAt: ctx.clock.now(),
    ...(result !== undefined && { result }),
    // What an attempt before failed of is over.
    error: end.status === "failed" ? toLedgerError(end.error) : null,
    ...(end.log && { log: end.log }),
  };
  for (let attempt = 0; ; attempt++) {
    try {
      return await book.change(ctx, runId, change);
    } catch (error) {
      const delayMs = RETRY_DELAYS_MS[attempt];
      if (delayMs === undefined || !isDatabaseUnavailable(error)) throw error;
      await sleep(delayMs);
    }
  }
}
