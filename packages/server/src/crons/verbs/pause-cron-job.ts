import type { UserContext } from "../../context";
import { findCronJob } from "../ledger/find-cron-job";

/** Stops a job's schedule, on every engine. What runs is not stopped; runs by hand stay possible. @throws AppError NOT_FOUND */
export async function pauseCronJob(
  ctx: UserContext,
  { name }: { name: string },
): Promise<{ paused: true }> {
  const job = findCronJob(ctx, name);
  // Pausing twice keeps the first instant: it says since when slots are left out.
  await ctx.db.$executeRaw`
    INSERT INTO "CronJob" ("name", "pausedAt", "pausedBy")
    VALUES (${job.name}, ${ctx.clock.now()}, ${ctx.identity.userId})
    ON CONFLICT ("name") DO UPDATE SET "pausedAt" = excluded."pausedAt", "pausedBy" = excluded."pausedBy"
    WHERE "CronJob"."pausedAt" IS NULL`;
  return { paused: true };
}
