import type { CronJob, Services } from "../../context";
import { describeClockGap, mostClockGapMs } from "../../ground/database-clock";
import { AppError } from "../../ground/errors";
import {
  beginQueuedRun,
  type Claim,
  claimManualRun,
  claimSlot,
  type EngineIds,
} from "../ledger/claim-run";
import { finishRun, type RunEnd } from "../ledger/finish-run";
import { keepLease } from "../ledger/keep-lease";
import { toLedgerError } from "../ledger/ledger-values";
import { RunLog } from "../ledger/run-log";
import { alertOnRepeatedFailure } from "./alert-on-repeated-failure";

/** A slot of the schedule, a run that stands in the ledger and waits, or a run that somebody started elsewhere. */
export type RunRequest = { slot: Date } | { runId: string } | { manual: true };

export interface RunOptions {
  /** Aborts when the server stops: runs end as failed then, rather than as lost a minute later. */
  stopping?: AbortSignal | undefined;
  /** What the engine calls its run, and the event that it began it with. */
  engine?: EngineIds | undefined;
}

export type RunOutcome =
  | { status: "succeeded"; runId: string }
  | { status: "failed"; runId: string; error: string; cause?: unknown }
  | { status: "skipped" | "ignored"; reason: string };

/**
 * Runs a job at most once a slot and at most once at a time, and writes it down. A job is never tried again by itself:
 * its next slot does that. Throws where the ledger cannot be reached; the call may be repeated then, since a slot that
 * was claimed is not run again.
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
  const { runId } = claim;
  const startedAt = performance.now();
  const end = await execute(services, job, runId, options.stopping);
  const isRecorded = await finishRun(services, runId, end);

  const facts = { job: job.name, runId, durationMs: Math.round(performance.now() - startedAt) };
  if (!isRecorded) services.log.warn(facts, "a cron run ended after the ledger had given it up");
  if (end.status === "succeeded") {
    services.log.info(facts, "a cron run succeeded");
    return { status: "succeeded", runId };
  }
  services.log.error({ ...facts, err: end.error }, "a cron run failed");
  await alertOnRepeatedFailure(services, job);
  return { status: "failed", runId, error: toLedgerError(end.error), cause: end.error };
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

async function execute(
  services: Services,
  job: CronJob,
  runId: string,
  stopping: AbortSignal | undefined,
): Promise<RunEnd> {
  const abort = new AbortController();
  const stop = (reason: string) => abort.abort(new Error(reason));
  const stopWithServer = () => stop("The server stopped.");
  const timer = setTimeout(
    () => stop(`Stopped after ${job.timeoutSeconds} s: its time was up.`),
    job.timeoutSeconds * 1000,
  );
  const runLog = new RunLog(services.clock);
  const onLost = () => stop("Its lease was lost.");
  const releaseLease = keepLease(services, runId, { runLog, onLost });
  stopping?.addEventListener("abort", stopWithServer, { once: true });
  if (stopping?.aborted) stopWithServer();

  const { signal } = abort;
  const log = runLog.logger(services.log.child({ job: job.name, runId }));
  const run = async () => job.run({ ...services, log, job: job.name, signal });
  // A job that does not listen to its signal is left to itself.
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    signal.throwIfAborted();
    if (job.deletesByAge) refuseWrongClock(services.clock);
    const result = await Promise.race([run(), stopped]);
    return { status: "succeeded", result, log: runLog.takeChanges() };
  } catch (error) {
    return { status: "failed", error, log: runLog.takeChanges() };
  } finally {
    clearTimeout(timer);
    releaseLease();
    stopping?.removeEventListener("abort", stopWithServer);
  }
}
