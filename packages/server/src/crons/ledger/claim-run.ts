import type { CronJob, Services } from "../../context";
import type { CronRunStatus, CronTrigger } from "../../generated/prisma/client";
import { newId } from "../../ground/secrets";
import { newestSlotsBetween, nextSlot } from "../next-slots";
import { markLostRuns } from "./mark-lost-runs";

/** A worker that says nothing for this long is taken for dead. */
export const LEASE_SECONDS = 60;
/** How long a run by hand may wait for an engine to begin it. */
const QUEUE_SECONDS = 120;
/** Engines deliver a little late; up to here that is no reason to skip a slot, even when the next one is due. */
const GRACE_SECONDS = 5;
/** Engines may deliver a moment early. */
const EARLY_SECONDS = 1;
/** How many slots of a downtime are written down one by one. */
const MAX_RECORDED_MISSES = 50;
/** Stands in the last slot of a pause, which is where looking for missed slots begins. */
export const PAUSED_REASON = "The job was paused.";

/** What the engine calls its run, and the event that it began it with. */
export interface EngineIds {
  runId: string;
  eventId: string;
}

export type Claim =
  | { status: "claimed"; runId: string; attempt: number }
  | { status: "skipped"; reason: string }
  /** Nothing was recorded: somebody else has the slot, or the job is paused. */
  | { status: "ignored"; reason: string };

/**
 * Takes a slot for this process, at most once over all processes and engines. A slot that comes after a newer one was
 * due, or while the job runs, is recorded as skipped; so after a downtime one run is late and the rest are skipped.
 */
export async function claimSlot(
  ctx: Services,
  job: CronJob,
  slot: Date,
  engine?: EngineIds,
): Promise<Claim> {
  const now = ctx.clock.now();
  const [paused] = await Promise.all([
    ctx.db.cronJob.findFirst({ where: { name: job.name, pausedAt: { not: null } } }),
    markLostRuns(ctx, job.name),
  ]);
  if (paused) return { status: "ignored", reason: "The job is paused." };
  await recordMissedSlots(ctx, job, slot);

  if (isLate(slot, now) && nextSlot(job.planned, slot) <= now) {
    const lateSeconds = Math.round((now.getTime() - slot.getTime()) / 1000);
    return skip(ctx, job, slot, `It came ${lateSeconds} s late, when a newer one was due.`);
  }
  const runId = newId();
  const run = { runId, slot, trigger: "schedule", status: "running", engine } as const;
  if (await insertRun(ctx, job, run)) return { status: "claimed", runId, attempt: 1 };
  return skip(ctx, job, slot, "The run before it had not ended.");
}

/** A run by hand from outside of this server, such as an engine's own dashboard. */
export async function claimManualRun(
  ctx: Services,
  job: CronJob,
  engine?: EngineIds,
): Promise<Claim> {
  await markLostRuns(ctx, job.name);
  const runId = await insertManualRun(ctx, job, LEASE_SECONDS, engine);
  if (runId) return { status: "claimed", runId, attempt: 1 };
  return skip(ctx, job, ctx.clock.now(), "The run before it had not ended.", "manual");
}

/** Writes a run that an engine is about to be asked for; null while another one of the job runs. */
export async function queueManualRun(ctx: Services, job: CronJob): Promise<string | null> {
  await markLostRuns(ctx, job.name);
  return insertManualRun(ctx, job, QUEUE_SECONDS);
}

/** Begins a queued run, once: engines deliver an event more often than that. */
export async function beginQueuedRun(
  ctx: Services,
  runId: string,
  engine?: EngineIds,
): Promise<Claim> {
  const now = ctx.clock.now();
  const [resumed] = await ctx.db.cronRun.updateManyAndReturn({
    where: { id: runId, status: "running", resumeAt: { lte: secondsAfter(now, EARLY_SECONDS) } },
    data: {
      resumeAt: null,
      leaseExpiresAt: secondsAfter(now, LEASE_SECONDS),
      ...engineColumns(engine),
    },
    select: { attempt: true },
  });
  if (resumed) return { status: "claimed", runId, attempt: resumed.attempt };
  const { count } = await ctx.db.cronRun.updateMany({
    // A run that waits has the slot for its start.
    where: {
      id: runId,
      status: "running",
      trigger: "manual",
      startedAt: { equals: ctx.db.cronRun.fields.slot },
    },
    data: {
      startedAt: new Date(now.getTime() + 1),
      leaseExpiresAt: secondsAfter(now, LEASE_SECONDS),
      ...engineColumns(engine),
    },
  });
  return count === 1
    ? { status: "claimed", runId, attempt: 1 }
    : { status: "ignored", reason: "The run was begun or given up already." };
}

async function insertManualRun(
  ctx: Services,
  job: CronJob,
  leaseSeconds: number,
  engine?: EngineIds,
) {
  const now = ctx.clock.now().getTime();
  // Another row may have this very millisecond for its slot.
  for (let shiftMs = 0; shiftMs < 10; shiftMs++) {
    const runId = newId();
    const slot = new Date(now + shiftMs);
    const run = { runId, slot, leaseSeconds, engine } as const;
    if (await insertRun(ctx, job, { ...run, trigger: "manual", status: "running" })) return runId;
    if (await ctx.db.cronRun.findFirst({ where: { job: job.name, status: "running" } }))
      return null;
  }
  return null;
}

async function skip(
  ctx: Services,
  job: CronJob,
  slot: Date,
  reason: string,
  trigger: CronTrigger = "schedule",
): Promise<Claim> {
  const row = { runId: newId(), slot, trigger, status: "skipped", error: reason } as const;
  if (await insertRun(ctx, job, row)) return { status: "skipped", reason };
  return { status: "ignored", reason: "The slot is taken." };
}

/** Writes down the slots before this one that nothing delivered. Those of the last seconds may still come. */
async function recordMissedSlots(ctx: Services, job: CronJob, slot: Date): Promise<void> {
  const lateFrom = secondsAfter(ctx.clock.now(), -GRACE_SECONDS);
  const newest = await ctx.db.cronRun.findMany({
    where: {
      job: job.name,
      trigger: "schedule",
      OR: [{ slot: { lt: lateFrom } }, { status: "skipped", error: PAUSED_REASON }],
    },
    orderBy: { slot: "desc" },
    take: 1 + slotsLeftOpen(job),
    select: { slot: true, error: true },
  });
  // What lies before the end of a pause is nobody's.
  const pause = newest.findIndex(({ error }) => error === PAUSED_REASON);
  const known = pause < 0 ? newest : newest.slice(0, pause + 1);
  const from = known.at(-1);
  if (!from) return;
  const before = slot < lateFrom ? slot : lateFrom;
  const isKnown = new Set(known.map((row) => row.slot.getTime()));
  const missed = newestSlotsBetween(job.planned, from.slot, before, MAX_RECORDED_MISSES).filter(
    (at) => !isKnown.has(at.getTime()),
  );
  if (missed.length === 0) return;
  const error = "Nothing kept the schedule at that time.";
  const data = missed.map((at) =>
    toRow(ctx, job, { runId: newId(), slot: at, trigger: "schedule", status: "skipped", error }),
  );
  await ctx.db.cronRun.createMany({ data, skipDuplicates: true });
}

/** How many slots before one that came might still have come then, so that nobody wrote them down. */
function slotsLeftOpen({ planned }: CronJob): number {
  if (planned.kind === "cron") return 0;
  return Math.ceil((GRACE_SECONDS + EARLY_SECONDS) / planned.everySeconds) - 1;
}

interface NewRun {
  runId: string;
  slot: Date;
  trigger: CronTrigger;
  status: CronRunStatus;
  error?: string;
  leaseSeconds?: number;
  engine?: EngineIds | undefined;
}

/** False when the slot is taken or, for a running row, another one of the job runs: both are unique in the database. */
async function insertRun(ctx: Services, job: CronJob, run: NewRun): Promise<boolean> {
  const data = [toRow(ctx, job, run)];
  const { count } = await ctx.db.cronRun.createMany({ data, skipDuplicates: true });
  return count === 1;
}

function toRow(ctx: Services, job: CronJob, run: NewRun) {
  const now = ctx.clock.now();
  const ended = run.status !== "running";
  return {
    id: run.runId,
    job: job.name,
    slot: run.slot,
    trigger: run.trigger,
    status: run.status,
    startedAt: run.trigger === "manual" ? run.slot : now,
    finishedAt: ended ? now : null,
    leaseExpiresAt: secondsAfter(now, ended ? 0 : (run.leaseSeconds ?? LEASE_SECONDS)),
    error: run.error ?? null,
    ...engineColumns(run.engine),
  };
}

function engineColumns(engine: EngineIds | undefined) {
  return { engineRunId: engine?.runId ?? null, engineEventId: engine?.eventId ?? null };
}

function isLate(slot: Date, now: Date): boolean {
  return now > secondsAfter(slot, GRACE_SECONDS);
}

export function secondsAfter(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}
