import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { queueManualRun } from "../ledger/claim-run";
import { findCronJob } from "../ledger/find-cron-job";
import { finishRun } from "../ledger/finish-run";
import { ledgerBook } from "../ledger/run-books";

/** Where it is most often the keys that are missing, who asks is told of them. */
const advice = {
  embedded: undefined,
  inngest:
    "Inngest takes no run. Look at INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY; on your own machine, at INNGEST_DEV=1 and whether `npx inngest-cli dev` runs.",
};

/**
 * Asks for a run now, also of a paused job; the row stands in the ledger at once.
 * @throws AppError NOT_FOUND, CONFLICT while the job is disabled or runs, UPSTREAM_UNAVAILABLE when no engine takes it
 */
export async function triggerCronJob(
  ctx: Services,
  { name }: { name: string },
): Promise<{ runId: string }> {
  const job = findCronJob(ctx, name);
  const disabledReason = job.disabledReason(ctx);
  if (disabledReason !== null)
    throw new AppError("CONFLICT", { disabledReason }, "The job is disabled.");
  const runId = await queueManualRun(ctx, job);
  if (runId === null)
    throw new AppError("CONFLICT", { job: name }, "The job is running already. Wait for its end.");
  try {
    await ctx.jobs.runCron({ slug: job.slug, runId });
  } catch (cause) {
    ctx.log.error({ err: cause, job: name, runId }, "no engine took a cron run");
    await finishRun(
      ctx,
      { runId, book: ledgerBook },
      { status: "failed", error: "The engine could not be reached." },
    );
    const { engine } = ctx.jobs;
    throw new AppError("UPSTREAM_UNAVAILABLE", { service: engine }, advice[engine], { cause });
  }
  return { runId };
}
