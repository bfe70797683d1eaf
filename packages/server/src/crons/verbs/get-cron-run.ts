import type { CronRunDetail } from "@fermata/contract";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { toCronRun } from "../ledger/cron-run-view";
import { readTrace } from "../ledger/read-trace";

/** One run with its steps and what it logged. @throws AppError NOT_FOUND */
export async function getCronRun(
  ctx: Services,
  { runId }: { runId: string },
): Promise<CronRunDetail> {
  const row = await ctx.db.cronRun.findUnique({ where: { id: runId } });
  if (!row) throw new AppError("NOT_FOUND", { runId });
  return {
    ...toCronRun(row, ctx.clock.now()),
    name: row.job,
    ...(await readTrace(ctx, row)),
  };
}
