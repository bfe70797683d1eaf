import type { CronJob, Services } from "../../context";
import { compileTriggers } from "./compile-triggers";
import { slotAt, slotsBetween } from "./next-slots";

export interface Tick {
  job: CronJob;
  slot: Date;
}

/** The ticker plans a little beyond its minute, so that the next one may come late by as much. */
const MINUTE_MS = 60_000;
const OVERLAP_MS = 15_000;

/** Whether the job's slots come from the shared ticker, since no crons fire at them. */
export function needsTicker(job: CronJob): boolean {
  return compileTriggers(job.schedule) === null;
}

/** The slots of the jobs that need the ticker, from an instant to shortly after the end of its minute. */
export function planMinute(jobs: readonly CronJob[], from: Date): Tick[] {
  const minute = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS;
  const until = new Date(minute + MINUTE_MS + OVERLAP_MS);
  return jobs
    .filter(needsTicker)
    .flatMap((job) => slotsBetween(job.schedule, from, until).map((slot) => ({ job, slot })));
}

/** The newest slot of every job that has run before and was due since, while nothing kept the schedule. */
export async function planMissed(ctx: Services, jobs: readonly CronJob[]): Promise<Tick[]> {
  const now = ctx.clock.now();
  const lastSlots = await ctx.db.cronRun.groupBy({
    by: ["job"],
    where: { trigger: "schedule", job: { in: jobs.map(({ name }) => name) } },
    _max: { slot: true },
  });
  return lastSlots.flatMap(({ job: name, _max }) => {
    const job = jobs.find((candidate) => candidate.name === name);
    if (!job || !_max.slot) return [];
    const slot = slotAt(job.schedule, now);
    return _max.slot < slot ? [{ job, slot }] : [];
  });
}
