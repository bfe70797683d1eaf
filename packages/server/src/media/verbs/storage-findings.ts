import type { storage } from "@fermata/contract";
import { z } from "zod";
import type { UserContext } from "../../context";
import { explainStanding } from "../owner/explain-standing";
import { lastStanding } from "../owner/look-at-store";

type Findings = z.input<typeof storage.findings.output>;

const sweepResult = z.object({
  seen: z.number(),
  orphans: z.number(),
  bytes: z.number(),
  strays: z.number().optional(),
  refused: z.string().nullable().optional(),
});
const checkResult = z.object({ seen: z.number(), missing: z.number(), bytes: z.number() });

/** What the sweeps found when they last ran through, and what the store has not deleted yet. For admins: it is everybody's. */
export async function storageFindings(ctx: UserContext): Promise<Findings> {
  const [sweep, check, failedProcessing, outbox, installation, strays] = await Promise.all([
    lastResult(ctx, "sweep orphaned bytes", sweepResult),
    lastResult(ctx, "find missing bytes", checkResult),
    ctx.db.media.count({ where: { processing: "failed" } }),
    ctx.pool.query<{ waiting: number; bytes: string; refused: number; lastError: string | null }>(
      `SELECT count(*)::int AS waiting, coalesce(sum("sizeBytes"), 0) AS bytes,
              count("lastError")::int AS refused,
              (array_agg("lastError" ORDER BY "nextAttemptAt" DESC) FILTER (WHERE "lastError" IS NOT NULL))[1] AS "lastError"
       FROM "Deletion" WHERE "deletedAt" IS NULL`,
    ),
    lastStanding(ctx),
    ctx.pool.query<{ count: number; bytes: string; undecided: number }>(
      `SELECT count(*)::int AS count, coalesce(sum("sizeBytes"), 0) AS bytes,
              count(*) FILTER (WHERE "decision" IS NULL)::int AS undecided
       FROM "Stray"`,
    ),
  ]);
  const [held] = outbox.rows;
  const [unnamed] = strays.rows;
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
    owner: installation && {
      installationId: installation.installationId,
      foundId: installation.foundId,
      standing: installation.standing,
      holdsBack: installation.holdsBack,
      checkedAt: installation.checkedAt.toISOString(),
      problem: explainStanding(ctx, installation),
    },
    strays: {
      count: unnamed?.count ?? 0,
      bytes: Number(unnamed?.bytes ?? 0),
      undecided: unnamed?.undecided ?? 0,
      asks: Boolean(installation?.askedAt),
    },
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
