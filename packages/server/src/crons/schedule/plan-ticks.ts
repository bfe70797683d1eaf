import type { CronJob, Services } from "../../context";
import { compileTriggers } from "../compile-triggers";
import { nextSlot, slotAt, slotsBetween } from "../next-slots";

export interface Tick {
  job: CronJob;
  slot: Date;
}

/** The ticker plans a little beyond its minute, so that the next one may come late by as much. */
const MINUTE_MS = 60_000;
const OVERLAP_MS = 15_000;

/** Whether the job's slots come from the shared ticker, since no crons fire at them. */
export function needsTicker(job: CronJob): boolean {
  return compileTriggers(job.planned) === null;
}

/** The slots of the jobs that need the ticker, from an instant to shortly after the end of its minute. */
export function planMinute(jobs: readonly CronJob[], from: Date): Tick[] {
  const minute = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS;
  const until = new Date(minute + MINUTE_MS + OVERLAP_MS);
  return jobs
    .filter(needsTicker)
    .flatMap((job) => slotsBetween(job.planned, from, until).map((slot) => ({ job, slot })));
}

/**
 * The newest slot of every job that has run before and was due since, while nothing kept the schedule.
 * @param options.graceSeconds how late an engine may still be on its own
 * @param options.since when this process began to look: of a job that never ran, slots before that are nobody's
 */
export async function planMissed(
  ctx: Services,
  jobs: readonly CronJob[],
  { graceSeconds = 0, since }: { graceSeconds?: number; since?: Date | undefined } = {},
): Promise<Tick[]> {
  const now = ctx.clock.now();
  const lastSlots = await ctx.db.cronRun.groupBy({
    by: ["job"],
    where: { trigger: "schedule", job: { in: jobs.map(({ name }) => name) } },
    _max: { slot: true },
  });
  const dueBefore = new Date(now.getTime() - graceSeconds * 1000);
  const lastSlotOf = new Map(lastSlots.map(({ job, _max }) => [job, _max.slot]));
  return jobs.flatMap((job) => {
    const due = slotAt(job.planned, dueBefore);
    const last = lastSlotOf.get(job.name);
    // An instant to come was written down under a clock that was wrong.
    const isMissed = last ? last < due : since !== undefined && due > since;
    return isMissed ? [{ job, slot: slotAt(job.planned, now) }] : [];
  });
}

/**
 * The next slot of every job that waits for work and has some, at most so many seconds ahead.
 * @param isAsked whether a slot at that instant or before it was asked for and is still to come
 */
export async function planWork(
  ctx: Services,
  jobs: readonly CronJob[],
  options: { horizonSeconds: number; isAsked(job: CronJob, slot: Date): boolean },
): Promise<Tick[]> {
  const planned = await Promise.all(
    jobs.map(async (job): Promise<Tick[]> => {
      const nowMs = ctx.clock.now().getTime();
      const soonest = nextSlot(job.schedule, new Date(nowMs - 1));
      const horizonMs = nowMs + options.horizonSeconds * 1000;
      if (!job.onlyWhen || soonest.getTime() > horizonMs || options.isAsked(job, soonest))
        return [];
      const due = await job.onlyWhen.due(ctx);
      if (!due || due.getTime() > horizonMs) return [];
      const slot =
        due.getTime() <= nowMs ? soonest : nextSlot(job.schedule, new Date(due.getTime() - 1));
      return options.isAsked(job, slot) ? [] : [{ job, slot }];
    }),
  );
  return planned.flat();
}
