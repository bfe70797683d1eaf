import { type CronRunDetail, crons } from "@fermata/contract";
import { z } from "zod";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { toCronRun } from "../ledger/cron-run-view";

const logSchema = z.object({ lines: crons.run.output.shape.log, dropped: z.number() });

/** One run with its steps and what it logged. @throws AppError NOT_FOUND */
export async function getCronRun(
  ctx: Services,
  { runId }: { runId: string },
): Promise<CronRunDetail> {
  const [row, steps] = await Promise.all([
    ctx.db.cronRun.findUnique({ where: { id: runId } }),
    ctx.db.cronStep.findMany({ where: { runId }, orderBy: { position: "asc" } }),
  ]);
  if (!row) throw new AppError("NOT_FOUND", { runId });
  const log = logSchema.safeParse(row.log).data;
  return {
    ...toCronRun(row, ctx.clock.now()),
    name: row.job,
    log: log?.lines ?? [],
    droppedLogLines: log?.dropped ?? 0,
    steps: steps.map(({ name, attempt, startedAt, finishedAt, wakeAt, error }) => ({
      name,
      attempt,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      wakeAt: wakeAt?.toISOString() ?? null,
      error,
    })),
    engineUrl: row.engineRunId === null ? null : ctx.jobs.runUrl(row.engineRunId),
  };
}
