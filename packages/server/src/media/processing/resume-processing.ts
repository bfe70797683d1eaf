import type { JobContext, Services } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import { beginProcessing } from "./begin-processing";

const batchRows = 500;
/** An engine that has not begun by then has lost the request, or whoever worked on it died. */
const stuckSeconds = 30 * 60;

/** Asks again for the processing of media whose request was lost on the way, and of those that somebody began and left. */
export async function resumeProcessing(ctx: JobContext): Promise<{ resumed: number }> {
  let resumed = 0;
  for (let found = batchRows; found === batchRows && !ctx.signal.aborted; ) {
    const now = ctx.clock.now();
    const before = new Date(now.getTime() - stuckSeconds * 1000);
    const requests = await beginProcessing(ctx.db, {
      which: Prisma.sql`m."processing" = 'processing' AND m."processingChangedAt" < ${before}`,
      now,
      limit: batchRows,
    });
    if (requests.length > 0) await ctx.jobs.processMedia(requests);
    found = requests.length;
    resumed += found;
  }
  return { resumed };
}

/** When processing that was asked for next counts as stuck; null while none is under way. */
export async function nextStuckAt(ctx: Pick<Services, "db">): Promise<Date | null> {
  const { _min } = await ctx.db.media.aggregate({
    where: { processing: "processing" },
    _min: { processingChangedAt: true },
  });
  return (
    _min.processingChangedAt && new Date(_min.processingChangedAt.getTime() + stuckSeconds * 1000)
  );
}
