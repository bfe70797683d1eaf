/** The event that asks an engine for one run: of a slot, `{ slot }`, or of a run in the ledger, `{ runId }`. */
export function cronEventName(slug: string): string {
  return `fermata/cron.${slug}`;
}

/** An engine that was away is back, or a process took over its work: missed slots are looked for. */
export const enginesStartedEvent = "fermata/crons.started";

/** Asks for one slot. Its id makes doubles harmless; dated ahead, it is delivered at its time. */
export function slotEvent({ slug, slot }: { slug: string; slot: Date }): EngineEvent {
  return {
    name: cronEventName(slug),
    id: `cron:${slug}:${slot.toISOString()}`,
    ts: slot.getTime(),
    data: { slot: slot.toISOString() },
  };
}

export interface EngineEvent {
  name: string;
  id: string;
  /** Milliseconds since 1970. */
  ts: number;
  data: Record<string, string>;
}

/** The event that asks an engine for one job of the queue. */
export function queuedJobEventName(slug: string): string {
  return `fermata/job.${slug}`;
}

/** One waiting of a job in the queue: until it is asked for, for its next attempt, or in a sleep. */
export interface QueuedJobRequest {
  slug: string;
  jobId: string;
  /** As its row says: each waiting has an instant of its own. */
  runAt: Date;
  /** When nothing came of the first event, in which minute it is sent again. */
  again?: number;
}

export function queuedJobEvent({ slug, jobId, runAt, again }: QueuedJobRequest): EngineEvent {
  return {
    name: queuedJobEventName(slug),
    id: `job:${jobId}:${runAt.getTime()}${again === undefined ? "" : `:${again}`}`,
    ts: runAt.getTime(),
    data: { jobId },
  };
}
