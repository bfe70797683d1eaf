import type { crons } from "@fermata/contract";
import type { z } from "zod";
import type { Services } from "../../context";
import { decodeCursor, encodeCursor } from "../../ground/paging";
import { toQueuedJob, withoutDetail } from "../queue/queued-job-view";

/** What waits or runs by its time, the soonest first; what is over by its end, newest first. */
export async function listQueuedJobs(
  ctx: Services,
  { over, limit, cursor: text }: z.output<typeof crons.queue.input>,
): Promise<z.infer<typeof crons.queue.output>> {
  const cursor = decodeCursor(text);
  const by = over ? "finishedAt" : "runAt";
  const direction = over ? "desc" : "asc";
  const beyond = over ? "lt" : "gt";
  const rows = await ctx.db.queuedJob.findMany({
    where: {
      // Indexed, where statuses are not.
      finishedAt: over ? { not: null } : null,
      ...(cursor && {
        OR: [{ [by]: { [beyond]: cursor.at } }, { [by]: cursor.at, id: { [beyond]: cursor.id } }],
      }),
    },
    orderBy: [{ [by]: direction }, { id: direction }],
    take: limit + 1,
    omit: withoutDetail,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const at = last?.[by];
  return {
    items: page.map((row) => toQueuedJob(ctx, row)),
    nextCursor: rows.length > limit && last && at ? encodeCursor({ at, id: last.id }) : null,
  };
}
