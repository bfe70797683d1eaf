import type { Services } from "../../context";
import { slotAt } from "../next-slots";
import { readEngineRecord, readUsage } from "./engine-record";

/** A call that comes later than this is not on its way any more. */
const LATE_SECONDS = 300;

export interface EngineState {
  registeredAt: Date | null;
  /** Why the app could not be registered. */
  problem: string | null;
  lastCalledAt: Date | null;
  /** The slot that the engine should have called for last and did not; null while it calls. */
  silentSince: Date | null;
  /** Of this month. */
  executions: number;
  /** The same by days, those without any left out. */
  usage: { day: Date; executions: number }[];
}

/** Whether the engine knows this app and calls it, over all processes. */
export async function readEngineState(ctx: Services, appId: string): Promise<EngineState> {
  const [record, usage, paused] = await Promise.all([
    readEngineRecord(ctx, appId),
    readUsage(ctx, appId),
    ctx.db.cronJob.findMany({ where: { pausedAt: { not: null } }, select: { name: true } }),
  ]);
  const { registeredAt, problem, lastCalledAt } = record;
  const jobs = ctx.crons.jobs.filter(
    (job) => job.disabledReason(ctx) === null && !paused.some(({ name }) => name === job.name),
  );
  const before = new Date(ctx.clock.now().getTime() - LATE_SECONDS * 1000);
  const dueMs = Math.max(...jobs.map(({ planned }) => slotAt(planned, before).getTime()));
  const heardMs = Math.max(registeredAt?.getTime() ?? 0, lastCalledAt?.getTime() ?? 0);
  return {
    registeredAt,
    problem,
    lastCalledAt,
    silentSince: registeredAt && jobs.length > 0 && dueMs > heardMs ? new Date(dueMs) : null,
    usage,
    executions: usage.reduce((sum, day) => sum + day.executions, 0),
  };
}
