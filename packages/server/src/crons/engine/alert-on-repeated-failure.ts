import type { CronJob, Services } from "../../context";

const FAILURES_IN_A_ROW = 3;

/** Tells the notifier once, at the third failure in a row. */
export async function alertOnRepeatedFailure(ctx: Services, job: CronJob): Promise<void> {
  if (!ctx.notifier) return;
  try {
    const ended = await ctx.db.cronRun.findMany({
      where: { job: job.name, status: { in: ["succeeded", "failed", "lost"] } },
      orderBy: { slot: "desc" },
      take: FAILURES_IN_A_ROW + 1,
      select: { status: true, error: true },
    });
    const streak = ended.findIndex(({ status }) => status === "succeeded");
    const failures = streak === -1 ? ended.length : streak;
    if (failures !== FAILURES_IN_A_ROW) return;
    await ctx.notifier.notify({
      title: `"${job.name}" failed ${failures} times in a row`,
      text: ended[0]?.error ?? "No error was recorded.",
    });
  } catch (err) {
    ctx.log.error({ err, job: job.name }, "the alert about a failing cron job could not be sent");
  }
}
