import type { CronJob, Services } from "../../context";
import { nextSlot } from "../next-slots";
import { tellOfJob } from "./tell-of-job";

const FAILURES_IN_A_ROW = 3;
/** Of a job that runs more seldom than that, nobody should wait for the third failure. */
const OFTEN_SECONDS = 6 * 3600;

/**
 * Tells the notifier once that a job fails, and once that it works again: at the third failure in a row, or at the first of
 * a job that runs every six hours at most.
 */
export async function tellOfRuns(ctx: Services, job: CronJob): Promise<void> {
  if (!ctx.notifier) return;
  const enough = runsOften(ctx, job) ? FAILURES_IN_A_ROW : 1;
  try {
    const ended = await ctx.db.cronRun.findMany({
      where: { job: job.name, status: { in: ["succeeded", "failed", "lost"] } },
      orderBy: { slot: "desc" },
      take: FAILURES_IN_A_ROW + 1,
      select: { status: true, error: true },
    });
    const failed = ended.map(({ status }) => status !== "succeeded");
    const streakFrom = (first: number) => {
      const end = failed.indexOf(false, first);
      return (end === -1 ? failed.length : end) - first;
    };
    const failures = streakFrom(0);
    if (failures === enough) {
      await tellOfJob(ctx, job, {
        kind: "job.failing",
        severity: "error",
        title:
          failures === 1
            ? `"${job.name}" failed`
            : `"${job.name}" failed ${failures} times in a row`,
        text: ended[0]?.error ?? "No error was recorded.",
      });
    } else if (failures === 0 && streakFrom(1) >= enough) {
      await tellOfJob(ctx, job, {
        kind: "job.recovered",
        severity: "info",
        title: `"${job.name}" works again`,
        text: "Its last run succeeded.",
      });
    }
  } catch (err) {
    ctx.log.error({ err, job: job.name }, "the alert about a failing cron job could not be sent");
  }
}

function runsOften(ctx: Services, { schedule }: CronJob): boolean {
  const next = nextSlot(schedule, ctx.clock.now());
  return nextSlot(schedule, next).getTime() - next.getTime() < OFTEN_SECONDS * 1000;
}
