import { type CronRunDetail, crons } from "@fermata/contract";
import { z } from "zod";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { toCronRun } from "../ledger/cron-run-view";

const logSchema = z.object({ lines: crons.run.output.shape.log, dropped: z.number() });

/** One run with what it logged. @throws AppError NOT_FOUND */
export async function getCronRun(
  ctx: Services,
  { runId }: { runId: string },
): Promise<CronRunDetail> {
  const row = await ctx.db.cronRun.findUnique({ where: { id: runId } });
  if (!row) throw new AppError("NOT_FOUND", { runId });
  const log = logSchema.safeParse(row.log).data;
  return {
    ...toCronRun(row, ctx.clock.now()),
    name: row.job,
    log: log?.lines ?? [],
    droppedLogLines: log?.dropped ?? 0,
    engineUrl: row.engineRunId === null ? null : ctx.jobs.runUrl(row.engineRunId),
  };
}
