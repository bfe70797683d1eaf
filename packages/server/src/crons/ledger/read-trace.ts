import { type CronRunDetail, crons } from "@fermata/contract";
import { z } from "zod";
import type { Services } from "../../context";

type Trace = Pick<CronRunDetail, "log" | "droppedLogLines" | "steps" | "engineUrl">;

const logSchema = z.object({ lines: crons.run.output.shape.log, dropped: z.number() });

/** What a run left behind on its way, scheduled or asked for: its log, its steps, and its page at the engine. */
export async function readTrace(
  ctx: Services,
  row: { id: string; log: unknown; engineRunId: string | null },
): Promise<Trace> {
  const steps = await ctx.db.cronStep.findMany({
    where: { runId: row.id },
    orderBy: { position: "asc" },
  });
  const log = logSchema.safeParse(row.log).data;
  return {
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
