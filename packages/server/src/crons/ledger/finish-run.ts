import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "../../context";
import type { Prisma } from "../../generated/prisma/client";
import { isDatabaseUnavailable } from "../../ground/database-failure";
import { toLedgerError, toLedgerResult } from "./ledger-values";

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
export async function finishRun(ctx: Services, runId: string, end: RunEnd): Promise<boolean> {
  const data = {
    status: end.status,
    finishedAt: ctx.clock.now(),
    ...(end.status === "succeeded"
      ? { result: toLedgerResult(end.result) }
      : { error: toLedgerError(end.error) }),
    ...(end.log && { log: end.log }),
  };
  for (let attempt = 0; ; attempt++) {
    try {
      const { count } = await ctx.db.cronRun.updateMany({
        where: { id: runId, status: "running" },
        data,
      });
      return count === 1;
    } catch (error) {
      const delayMs = RETRY_DELAYS_MS[attempt];
      if (delayMs === undefined || !isDatabaseUnavailable(error)) throw error;
      await sleep(delayMs);
    }
  }
}
