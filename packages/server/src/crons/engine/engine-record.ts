import type { Services } from "../../context";

type Ctx = Pick<Services, "db" | "clock">;

/** What was last heard of the engine, over all processes. */
export interface EngineRecord {
  registeredAt: Date | null;
  functionsHash: string | null;
  problem: string | null;
  lastCalledAt: Date | null;
}

export async function readEngineRecord(ctx: Ctx, appId: string): Promise<EngineRecord> {
  const row = await ctx.db.cronEngine.findUnique({ where: { appId } });
  return row ?? { registeredAt: null, functionsHash: null, problem: null, lastCalledAt: null };
}

/** @param problem why the app could not be registered; null when it was */
export async function recordRegistration(
  ctx: Ctx,
  {
    appId,
    functionsHash,
    problem,
  }: { appId: string; functionsHash: string; problem: string | null },
): Promise<void> {
  const now = ctx.clock.now();
  const data =
    problem === null
      ? { registeredAt: now, functionsHash, problem: null, problemAt: null }
      : { problem, problemAt: now };
  await ctx.db.cronEngine.upsert({ where: { appId }, create: { appId, ...data }, update: data });
}

/** Adds to what the engine billed on the day, and says that it called. */
export async function recordCalls(
  ctx: Ctx,
  { appId, executions, at }: { appId: string; executions: number; at: Date },
): Promise<void> {
  const day = new Date(Math.floor(at.getTime() / 86_400_000) * 86_400_000);
  await ctx.db.$transaction([
    ctx.db.cronEngine.upsert({
      where: { appId },
      create: { appId, lastCalledAt: at },
      update: { lastCalledAt: at },
    }),
    ctx.db.cronUsage.upsert({
      where: { appId_day: { appId, day } },
      create: { appId, day, executions },
      update: { executions: { increment: executions } },
    }),
  ]);
}

/** The days of this month, UTC, on which anything was counted. */
export function readUsage(ctx: Ctx, appId: string): Promise<{ day: Date; executions: number }[]> {
  const now = ctx.clock.now();
  return ctx.db.cronUsage.findMany({
    where: { appId, day: { gte: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)) } },
    orderBy: { day: "asc" },
    select: { day: true, executions: true },
  });
}
