import type { storage } from "@fermata/contract";
import { z } from "zod";
import type { UserContext } from "../../context";

type Findings = z.input<typeof storage.findings.output>;

const sweepResult = z.object({ seen: z.number(), orphans: z.number(), bytes: z.number() });
const checkResult = z.object({ seen: z.number(), missing: z.number(), bytes: z.number() });

/** What the sweeps found when they last ran through, and what the store has not deleted yet. For admins: it is everybody's. */
export async function storageFindings(ctx: UserContext): Promise<Findings> {
  const [sweep, check, failedProcessing, outbox] = await Promise.all([
    lastResult(ctx, "sweep orphaned bytes", sweepResult),
    lastResult(ctx, "find missing bytes", checkResult),
    ctx.db.media.count({ where: { processing: "failed" } }),
    ctx.pool.query<{ waiting: number; bytes: string; refused: number; lastError: string | null }>(
      `SELECT count(*)::int AS waiting, coalesce(sum("sizeBytes"), 0) AS bytes,
              count("lastError")::int AS refused,
              (array_agg("lastError" ORDER BY "nextAttemptAt" DESC) FILTER (WHERE "lastError" IS NOT NULL))[1] AS "lastError"
       FROM "Deletion" WHERE "deletedAt" IS NULL`,
    ),
  ]);
  const [held] = outbox.rows;
  return {
    sweep,
    check,
    outbox: {
      waiting: held?.waiting ?? 0,
      bytes: Number(held?.bytes ?? 0),
      refused: held?.refused ?? 0,
      lastError: held?.lastError ?? null,
    },
    failedProcessing,
  };
}

async function lastResult<T extends object>(
  ctx: UserContext,
  job: string,
  schema: z.ZodType<T>,
): Promise<(T & { at: string }) | null> {
  const run = await ctx.db.cronRun.findFirst({
    where: { job, status: "succeeded" },
    orderBy: { startedAt: "desc" },
  });
  const result = schema.safeParse(run?.result);
  return run && result.success ? { ...result.data, at: run.startedAt.toISOString() } : null;
}
