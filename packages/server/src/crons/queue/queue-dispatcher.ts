import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "../../context";
import { endDeadJobs } from "./end-dead-jobs";

/** Between looks for what was asked for in a transaction that may not be committed yet. */
const LOOKS_MS = [1, 2, 4, 8, 8, 8, 15, 15, 30, 30, 60, 60, 120];
const LONGEST_LOOK_MS = 250;
/** A transaction that takes longer is found by the look that goes on all the time. */
const PATIENCE_MS = 30_000;
/** After that an event that nothing came of was lost. */
const LOST_MS = 60_000;
const BATCH_ROWS = 1000;

/**
 * Asks the engine for the jobs of the queue that are due, or will be soon. A transaction says nothing when it commits, so
 * whoever asked for a job looks for it in short steps; what nobody looked for is found by the look that goes on all the time.
 */
export class QueueDispatcher {
  readonly #expected = new Map<string, number>();
  /** When a job was asked for last, and for which instant. */
  readonly #sent = new Map<string, { runAtMs: number; atMs: number }>();
  #looking: Promise<void> | null = null;

  constructor(
    private readonly ctx: Services,
    private readonly keepAlive: (work: Promise<unknown>) => void = () => {},
  ) {}

  /** A job was asked for: its transaction will be over soon, one way or the other. */
  expect(jobId: string): void {
    this.#expected.set(jobId, performance.now() + PATIENCE_MS);
    this.#looking ??= this.#lookSoon().finally(() => {
      this.#looking = null;
    });
    this.keepAlive(this.#looking);
  }

  async dispatch(aheadSeconds: number): Promise<void> {
    if (this.ctx.crons.queued.length === 0) return;
    await endDeadJobs(this.ctx);
    await this.#send(aheadSeconds);
  }

  async settle(): Promise<void> {
    this.#expected.clear();
    await this.#looking;
  }

  async #lookSoon(): Promise<void> {
    for (let look = 0; this.#expected.size > 0; look++) {
      await sleep(LOOKS_MS[look] ?? LONGEST_LOOK_MS, undefined, { ref: false });
      const before = this.#expected.size;
      try {
        await this.#send(LONGEST_LOOK_MS / 1000);
      } catch (err) {
        this.ctx.log.warn({ err }, "queued jobs could not be asked for; the next look does it");
      }
      const nowMs = performance.now();
      for (const [id, untilMs] of this.#expected) if (untilMs < nowMs) this.#expected.delete(id);
      // What is found is followed by more.
      if (this.#expected.size < before) look = 0;
    }
  }

  async #send(aheadSeconds: number): Promise<void> {
    const nowMs = this.ctx.clock.now().getTime();
    const expected = [...this.#expected.keys()].slice(0, BATCH_ROWS);
    const rows = await this.ctx.db.queuedJob.findMany({
      where: {
        status: "queued",
        OR: [{ runAt: { lte: new Date(nowMs + aheadSeconds * 1000) } }, { id: { in: expected } }],
      },
      orderBy: { runAt: "asc" },
      take: BATCH_ROWS,
      select: { id: true, job: true, runAt: true },
    });
    const requests = rows.flatMap(({ id, job, runAt }) => {
      this.#expected.delete(id);
      const slug = this.ctx.crons.queued.find(({ name }) => name === job)?.slug;
      const last = this.#sent.get(id);
      if (slug === undefined) return [];
      if (last?.runAtMs !== runAt.getTime()) return [{ slug, jobId: id, runAt }];
      const isOnItsWay = nowMs - Math.max(last.atMs, runAt.getTime()) < LOST_MS;
      if (isOnItsWay) return [];
      return [{ slug, jobId: id, runAt, again: Math.floor(nowMs / LOST_MS) }];
    });
    if (requests.length > 0) await this.ctx.jobs.runQueued(requests);
    for (const { jobId, runAt } of requests)
      this.#sent.set(jobId, { runAtMs: runAt.getTime(), atMs: nowMs });
    for (const [id, { atMs }] of this.#sent) {
      if (this.#sent.size <= 2 * BATCH_ROWS || nowMs - atMs < LOST_MS) break;
      this.#sent.delete(id);
    }
  }
}
