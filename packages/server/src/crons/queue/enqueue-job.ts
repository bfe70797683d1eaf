import type { QueueJob, Services } from "../../context";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import { currentTrace } from "../../ground/tracing";
import type { Transaction } from "../../ground/transaction";

const MAX_INPUT_BYTES = 256 * 1024;
const MAX_AHEAD_MS = 366 * 86_400_000;

/** A queued job: as it was defined, or by its name. */
export type JobReference = string | object;

/**
 * Asks for a job, in the caller's own transaction: it runs once that is committed, at `runAt` or at once, exactly as often
 * as it was asked for; what is rolled back never runs.
 * @param input JSON of at most 256 KiB
 * @param options.requestId of the request that asks, for the log of the run
 * @throws AppError NOT_FOUND for a job that is not declared with `crons.onDemand`, INVALID_INPUT
 */
export async function enqueueJob(
  ctx: Pick<Services, "crons" | "clock" | "jobs">,
  tx: Transaction,
  reference: JobReference,
  input?: unknown,
  options: { runAt?: Date; requestId?: string } = {},
): Promise<{ jobId: string }> {
  const job = findQueueJob(ctx, reference);
  const text = toText(job, input);
  const now = ctx.clock.now();
  const runAt = options.runAt ?? now;
  if (!(runAt.getTime() <= now.getTime() + MAX_AHEAD_MS))
    throw refuse("runAt", "an instant, at most a year ahead");
  const jobId = newId();
  await tx.query(
    `INSERT INTO "QueuedJob" ("id", "job", "input", "createdAt", "runAt", "requestId", "traceParent")
     VALUES ($1, $2, $3::jsonb, $4::timestamptz, $5::timestamptz, $6, $7)`,
    [
      jobId,
      job.name,
      text,
      now.toISOString(),
      runAt.toISOString(),
      options.requestId ?? null,
      currentTrace(),
    ],
  );
  ctx.jobs.hintQueued(jobId);
  return { jobId };
}

export function findQueueJob(ctx: Pick<Services, "crons">, reference: JobReference): QueueJob {
  const job = ctx.crons.queued.find(
    ({ name, definition }) => name === reference || definition === reference,
  );
  if (job) return job;
  throw new AppError("NOT_FOUND", {
    job: typeof reference === "string" ? reference : "undeclared",
  });
}

function toText(job: QueueJob, input: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(job.readInput(input));
  } catch (error) {
    throw refuse("input", error instanceof Error ? error.message : String(error));
  }
  if (text === undefined || Buffer.byteLength(text) > MAX_INPUT_BYTES)
    throw refuse("input", `JSON of at most ${MAX_INPUT_BYTES} bytes`);
  if (text.includes("\\u0000")) throw refuse("input", "text without NUL");
  return text;
}

function refuse(path: string, message: string): AppError {
  return new AppError("INVALID_INPUT", { issues: [{ path, message }] });
}
