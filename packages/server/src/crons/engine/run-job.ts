import type { CronJob, JobContext, Services } from "../../context";
import { describeClockGap, mostClockGapMs } from "../../ground/database-clock";
import { AppError } from "../../ground/errors";
import { tellOfRuns } from "../alerts/tell-of-runs";
import {
  beginQueuedRun,
  type Claim,
  claimManualRun,
  claimSlot,
  type EngineIds,
} from "../ledger/claim-run";
import { ledgerBook } from "../ledger/run-books";
import { type Execution, executeRun } from "./execute-run";

/** A slot of the schedule, a run that stands in the ledger and waits, or a run that somebody started elsewhere. */
export type RunRequest = { slot: Date } | { runId: string } | { manual: true };

export interface RunOptions {
  /** Aborts when the server stops: runs end as failed then, rather than as lost a minute later. */
  stopping?: AbortSignal | undefined;
  /** What the engine calls its run, and the event that it began it with. */
  engine?: EngineIds | undefined;
}

export type RunOutcome = Execution | { status: "skipped" | "ignored"; reason: string };

/**
 * Runs a job at most once a slot and at most once at a time, and writes it down. A job is tried again by itself only where
 * it says `retries`: else its next slot does that. Throws where the ledger cannot be reached; the call may be repeated then,
 * since a slot that was claimed is not run again.
 */
export async function runJob(
  services: Services,
  job: CronJob,
  request: RunRequest,
  options: RunOptions = {},
): Promise<RunOutcome> {
  const claim = await claimRun(services, job, request, options.engine);
  if (claim.status !== "claimed") {
    services.log.debug({ job: job.name, ...request, ...claim }, "a cron run was not begun");
    return claim;
  }
  const { runId, attempt } = claim;
  const run = async (ctx: JobContext) => {
    if (job.deletesByAge) refuseWrongClock(services.clock);
    return job.run(ctx);
  };
  const work = { job, runId, attempt, book: ledgerBook, run };
  const outcome = await executeRun(services, work, options.stopping);
  if (outcome.status === "suspended")
    await services.jobs.resumeRun({ slug: job.slug, runId, at: outcome.until });
  else await tellOfRuns(services, job);
  return outcome;
}

function claimRun(
  services: Services,
  job: CronJob,
  request: RunRequest,
  engine: EngineIds | undefined,
): Promise<Claim> {
  if ("slot" in request) return claimSlot(services, job, request.slot, engine);
  if ("runId" in request) return beginQueuedRun(services, request.runId, engine);
  return claimManualRun(services, job, engine);
}

/** What is too old by a clock that is wrong may be wanted. */
function refuseWrongClock({ machineAheadMs = 0 }: Services["clock"]): void {
  if (Math.abs(machineAheadMs) <= mostClockGapMs) return;
  throw new AppError("CONFLICT", { machineAheadMs }, describeClockGap(machineAheadMs));
}
