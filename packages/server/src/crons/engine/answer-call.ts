import type { CronJob, Services } from "../../context";
import type { CronRun } from "../../generated/prisma/client";
import type { EngineIds } from "../ledger/claim-run";
import { markLostRuns } from "../ledger/mark-lost-runs";
import { type RunOutcome, type RunRequest, runJob } from "./run-job";

export interface EngineCall extends EngineIds {
  isLastAttempt: boolean;
}

export type CallOutcome =
  | RunOutcome
  /** An earlier call of the same run may still be at work: its end is to be asked for later. */
  | { status: "elsewhere"; reason: string; retryAfterSeconds: number };

/**
 * What an engine's call comes to. One that is repeated, since its answer was lost or its worker died, does not run the job
 * again: it gives what the ledger says of the first. A run that somebody repeats in the engine's dashboard runs by hand.
 */
export async function answerCall(
  ctx: Services,
  job: CronJob,
  request: RunRequest,
  options: { call: EngineCall; stopping?: AbortSignal | undefined },
): Promise<CallOutcome> {
  const { call, stopping } = options;
  const own = await findOwnRun(ctx, job, call);
  if (own) return toOutcome(ctx, own, call);
  const run = { stopping, engine: { runId: call.runId, eventId: call.eventId } };
  const outcome = await runJob(ctx, job, request, run);
  if (outcome.status === "ignored" && (await isRerun(ctx, job, request, call)))
    return runJob(ctx, job, { manual: true }, run);
  return outcome;
}

async function findOwnRun(ctx: Services, job: CronJob, { runId }: EngineCall) {
  const where = { job: job.name, engineRunId: runId };
  const found = await ctx.db.cronRun.findFirst({ where });
  if (found?.status !== "running") return found;
  await markLostRuns(ctx, job.name);
  return ctx.db.cronRun.findFirst({ where });
}

function toOutcome(ctx: Services, run: CronRun, call: EngineCall): CallOutcome {
  const error = run.error ?? "";
  switch (run.status) {
    case "succeeded":
      return { status: "succeeded", runId: run.id };
    case "failed":
    case "lost":
      return { status: "failed", runId: run.id, error };
    case "skipped":
      return { status: "skipped", reason: error };
    case "running": {
      if (run.resumeAt) return { status: "suspended", runId: run.id, until: run.resumeAt };
      const reason = "The run was begun by an earlier call and has not ended.";
      if (call.isLastAttempt) return { status: "ignored", reason };
      const leaseMs = run.leaseExpiresAt.getTime() - ctx.clock.now().getTime();
      return { status: "elsewhere", reason, retryAfterSeconds: Math.ceil(leaseMs / 1000) + 1 };
    }
  }
}

/** Another run of the engine's with the very event of one that is in the ledger. Doubles of a slot have events of their own. */
async function isRerun(
  ctx: Services,
  job: CronJob,
  request: RunRequest,
  { runId, eventId }: EngineCall,
): Promise<boolean> {
  if ("manual" in request) return false;
  const which = "slot" in request ? { slot: request.slot } : { id: request.runId };
  const first = await ctx.db.cronRun.findFirst({
    where: { ...which, job: job.name },
    select: { engineRunId: true, engineEventId: true },
  });
  return first?.engineEventId === eventId && first.engineRunId !== runId;
}
