import type { CronEngine } from "@fermata/contract";
import type { Services } from "../../context";
import { readEngineState } from "../engine/engine-state";

const DAY_MS = 86_400_000;

/** What runs the jobs, whether it calls this app, and what it did this month. */
export async function getCronEngine(ctx: Services): Promise<CronEngine> {
  const { appId, engine, dashboardUrl, includedExecutions } = ctx.jobs;
  const found = await readEngineState(ctx, appId);
  const { registeredAt, problem, lastCalledAt, silentSince, executions, usage } = found;
  return {
    engine,
    appId,
    state: stateOf(found),
    registeredAt: registeredAt?.toISOString() ?? null,
    problem,
    lastCalledAt: lastCalledAt?.toISOString() ?? null,
    silentSince: silentSince?.toISOString() ?? null,
    dashboardUrl,
    executions: {
      count: executions,
      projected: project(executions, usage[0]?.day, ctx.clock.now()),
      included: includedExecutions,
      days: usage.map(({ day, executions: count }) => ({
        day: day.toISOString().slice(0, 10),
        count,
      })),
    },
  };
}

function stateOf({
  problem,
  silentSince,
  lastCalledAt,
}: Awaited<ReturnType<typeof readEngineState>>): CronEngine["state"] {
  if (problem !== null) return "unregistered";
  if (silentSince !== null) return "silent";
  return lastCalledAt === null ? "unknown" : "calling";
}

/** @param first the first day of the month on which it was counted */
function project(count: number, first: Date | undefined, now: Date): number | null {
  const sinceMs = now.getTime() - (first?.getTime() ?? now.getTime());
  if (sinceMs < DAY_MS) return null;
  const endMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  return Math.round(count + (count / sinceMs) * (endMs - now.getTime()));
}
