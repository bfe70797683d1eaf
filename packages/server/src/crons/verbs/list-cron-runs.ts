import type { crons } from "@fermata/contract";
import type { z } from "zod";
import type { Services } from "../../context";
import { decodeCursor, encodeCursor } from "../../ground/paging";
import { toCronRun, withoutDetail } from "../ledger/cron-run-view";
import { findCronJob } from "../ledger/find-cron-job";

/** A job's runs by slot, newest first. */
export async function listCronRuns(
  ctx: Services,
  input: z.output<typeof crons.runs.input>,
): Promise<z.infer<typeof crons.runs.output>> {
  const job = findCronJob(ctx, input.name);
  const cursor = decodeCursor(input.cursor);
  const rows = await ctx.db.cronRun.findMany({
    where: { job: job.name, ...(cursor && { slot: { lt: cursor.at } }) },
    orderBy: { slot: "desc" },
    take: input.limit + 1,
    omit: withoutDetail,
  });
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const now = ctx.clock.now();
  return {
    items: page.map((row) => toCronRun(row, now)),
    nextCursor:
      rows.length > input.limit && last ? encodeCursor({ at: last.slot, id: last.id }) : null,
  };
}
