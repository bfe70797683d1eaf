import type { JobContext, RunnableJob, Services } from "../../context";
import { endFailed, openSpan } from "../../ground/tracing";
import { secondsAfter } from "../ledger/claim-run";
import { finishRun, type RunEnd } from "../ledger/finish-run";
import { keepLease } from "../ledger/keep-lease";
import { toLedgerError } from "../ledger/ledger-values";
import type { RunBook } from "../ledger/run-books";
import { RunLog } from "../ledger/run-log";
import { createSteps } from "./steps";

/** Before each further attempt; the last one repeats. */
const RETRY_DELAYS_SECONDS = [10, 30, 60, 120, 300, 600];

export interface RunWork {
  job: RunnableJob;
  runId: string;
  /** From 1. */
  attempt: number;
  book: RunBook;
  /** What it was asked for in: the request, and its trace. */
  asked?: { requestId: string | null; traceParent: string | null };
  run(ctx: JobContext): Promise<unknown>;
}

export type Execution =
  | { status: "succeeded"; runId: string }
  | { status: "failed"; runId: string; error: string; cause?: unknown }
  /** It waits in a sleep, or for its next attempt. */
  | { status: "suspended"; runId: string; until: Date };

type CallEnd = RunEnd | { status: "asleep"; until: Date; log?: RunEnd["log"] };

/** Works on a run that this process has claimed, and writes down what came of it. */
export function executeRun(
  services: Services,
  work: RunWork,
  stopping: AbortSignal | undefined,
): Promise<Execution> {
  const { job, runId, attempt, asked } = work;
  const opened = openSpan({
    name: `job ${job.name}`,
    kind: "CONSUMER",
    isRoot: true,
    parent: asked?.traceParent,
    attributes: {
      "fermata.job.name": job.name,
      "fermata.job.run_id": runId,
      "fermata.job.attempt": attempt,
      ...(asked?.requestId && { "fermata.request_id": asked.requestId }),
    },
  });
  if (!opened) return execute(services, work, stopping);
  const { span, within } = opened;
  return within(() => execute(services, work, stopping)).then(
    (outcome) => {
      if (outcome.status === "failed") endFailed(span, outcome.cause ?? outcome.error);
      else span.end();
      return outcome;
    },
    (error: unknown) => {
      endFailed(span, error);
      throw error;
    },
  );
}

async function execute(
  services: Services,
  work: RunWork,
  stopping: AbortSignal | undefined,
): Promise<Execution> {
  const { job, runId, attempt, book } = work;
  const startedAt = performance.now();
  const end = await call(services, work, stopping);
  const facts = {
    job: job.name,
    runId,
    attempt,
    durationMs: Math.round(performance.now() - startedAt),
  };
  if (end.status === "asleep") {
    await book.suspend(services, runId, { until: end.until, attempt, error: null, log: end.log });
    return { status: "suspended", runId, until: end.until };
  }
  if (end.status === "failed" && attempt <= job.retries) {
    const delaySeconds = RETRY_DELAYS_SECONDS[attempt - 1] ?? RETRY_DELAYS_SECONDS.at(-1) ?? 600;
    const until = secondsAfter(services.clock.now(), delaySeconds);
    services.log.warn({ ...facts, err: end.error, until }, "a cron run will be tried again");
    const wait = { until, attempt: attempt + 1, error: toLedgerError(end.error), log: end.log };
    if (await book.suspend(services, runId, wait)) return { status: "suspended", runId, until };
  }
  const isRecorded = await finishRun(services, { runId, book }, end);
  if (!isRecorded) services.log.warn(facts, "a cron run ended after the ledger had given it up");
  if (end.status === "succeeded") {
    services.log.info(facts, "a cron run succeeded");
    return { status: "succeeded", runId };
  }
  services.log.error({ ...facts, err: end.error }, "a cron run failed");
  const error = toLedgerError(end.error);
  await tellFailure(services, job, { runId, attempt, error });
  return { status: "failed", runId, error, cause: end.error };
}

async function tellFailure(
  services: Services,
  job: RunnableJob,
  failure: { runId: string; attempt: number; error: string },
): Promise<void> {
  try {
    await job.onFailure?.(services, failure);
  } catch (err) {
    services.log.error({ err, job: job.name, ...failure }, "onFailure of a job failed itself");
  }
}

async function call(
  services: Services,
  { job, runId, attempt, book, run, asked }: RunWork,
  stopping: AbortSignal | undefined,
): Promise<CallEnd> {
  const abort = new AbortController();
  const stop = (reason: string) => abort.abort(new Error(reason));
  const stopWithServer = () => stop("The server stopped.");
  const timer = setTimeout(
    () => stop(`Stopped after ${job.timeoutSeconds} s: its time was up.`),
    job.timeoutSeconds * 1000,
  );
  const runLog = new RunLog(services.clock);
  const onLost = () => stop("Its lease was lost.");
  const releaseLease = keepLease(services, { runId, book }, { runLog, onLost });
  stopping?.addEventListener("abort", stopWithServer, { once: true });
  if (stopping?.aborted) stopWithServer();

  const { signal } = abort;
  const facts = { job: job.name, runId, ...(asked?.requestId && { requestId: asked.requestId }) };
  const log = runLog.logger(services.log.child(facts));
  // A job that does not listen to its signal is left to itself.
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  let onSleep = (_until: Date) => {};
  const asleep = new Promise<{ status: "asleep"; until: Date }>((resolve) => {
    onSleep = (until) => resolve({ status: "asleep", until });
  });
  const step = createSteps(services, runId, { signal, onSleep });
  const work = async (): Promise<CallEnd> => {
    const ctx = { ...services, log, job: job.name, runId, attempt, step, signal };
    return { status: "succeeded", result: await run(ctx) };
  };
  try {
    signal.throwIfAborted();
    return { ...(await Promise.race([work(), stopped, asleep])), log: runLog.takeChanges() };
  } catch (error) {
    return { status: "failed", error, log: runLog.takeChanges() };
  } finally {
    clearTimeout(timer);
    releaseLease();
    stopping?.removeEventListener("abort", stopWithServer);
  }
}
