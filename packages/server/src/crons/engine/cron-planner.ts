import type { CronJob, Services } from "../../context";
import { QueueDispatcher } from "../queue/queue-dispatcher";
import { planMissed, planWork, type Tick } from "../schedule/plan-ticks";

/** How often a process that stays up looks, and how far ahead. */
const LOOK_EVERY_MS = 30_000;
const LOOK_AHEAD_SECONDS = 100;
/** Where no process stays up, the next look may come with the hourly job only. */
const RARE_LOOK_AHEAD_SECONDS = 65 * 60;
/** After a hint, so that what happens together is looked at together. */
const HINT_DELAY_MS = 1_000;
const HINTS_EVERY_MS = 10_000;
/** Engines deliver on their own up to so late: before that, a slot is not taken for missed. */
const GRACE_SECONDS = 120;
const OVERSLEPT_SECONDS = 60;

/**
 * Asks the engine for what it would not bring by itself: slots that were missed, and those of jobs that wait for work. It
 * looks into the database, so nothing is lost by a hint that never came.
 */
export class CronPlanner {
  readonly #askedUntil = new Map<string, number>();
  readonly #queue: QueueDispatcher;
  #looking: Promise<void> | null = null;
  #hinted: NodeJS.Timeout | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #interval: NodeJS.Timeout | undefined;
  #since: Date | undefined;

  constructor(
    private readonly ctx: Services,
    private readonly jobs: readonly CronJob[],
    /** Lets work go on after an answer, where a platform would freeze the process then. */
    private readonly keepAlive: (work: Promise<unknown>) => void = () => {},
  ) {
    this.#queue = new QueueDispatcher(ctx, keepAlive);
  }

  /** Goes on looking until it is stopped. */
  start(): void {
    this.#since ??= this.ctx.clock.now();
    this.#interval ??= setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
    void this.look({ graceSeconds: 0 });
  }

  async stop(): Promise<void> {
    clearInterval(this.#interval);
    clearTimeout(this.#hinted);
    await this.#queue.settle();
    await this.#looking;
  }

  /** A queued job was asked for, in a transaction that may not be over yet. */
  expect(jobId: string): void {
    this.#queue.expect(jobId);
  }

  /** Something happened that may have made work. It costs nothing to say so often. */
  hint(): void {
    if (this.#hinted) return;
    const pauseMs = this.#lookedAt + HINTS_EVERY_MS - performance.now();
    const delayMs = Math.max(HINT_DELAY_MS, pauseMs);
    const looked = new Promise<void>((resolve) => {
      this.#hinted = setTimeout(() => resolve(this.look()), delayMs).unref();
    });
    this.keepAlive(looked);
  }

  /** Never fails: what could not be asked for is found by the next look. */
  look({ graceSeconds = GRACE_SECONDS } = {}): Promise<void> {
    this.#looking ??= this.#look(graceSeconds).finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(graceSeconds: number): Promise<void> {
    clearTimeout(this.#hinted);
    this.#hinted = undefined;
    this.#lookedAt = performance.now();
    const horizonSeconds = this.#interval ? LOOK_AHEAD_SECONDS : RARE_LOOK_AHEAD_SECONDS;
    try {
      await this.#queue.dispatch(horizonSeconds);
      await this.#wake();
      const paused = await this.ctx.db.cronJob.findMany({
        where: { pausedAt: { not: null } },
        select: { name: true },
      });
      const jobs = this.jobs.filter(({ name }) => !paused.some((one) => one.name === name));
      const missed = await planMissed(this.ctx, jobs, { graceSeconds, since: this.#since });
      const work = await planWork(this.ctx, jobs, {
        horizonSeconds,
        isAsked: (job, slot) => this.#isAsked(job, slot),
      });
      await this.#ask([...missed.filter(({ job, slot }) => !this.#isAsked(job, slot)), ...work]);
    } catch (err) {
      this.ctx.log.warn({ err }, "slots could not be asked for; the next look does it");
    }
  }

  /** Runs that wait and whose time came a while ago: what was to wake them was lost. */
  async #wake(): Promise<void> {
    const before = new Date(this.ctx.clock.now().getTime() - OVERSLEPT_SECONDS * 1000);
    const waiting = await this.ctx.db.cronRun.findMany({
      where: { status: "running", resumeAt: { lt: before } },
      select: { id: true, job: true },
    });
    for (const { id, job } of waiting) {
      const slug = this.jobs.find(({ name }) => name === job)?.slug;
      const at = new Date(Math.floor(this.ctx.clock.now().getTime() / 60_000) * 60_000);
      if (slug !== undefined) await this.ctx.jobs.resumeRun({ slug, runId: id, at });
    }
  }

  async #ask(ticks: Tick[]): Promise<void> {
    if (ticks.length === 0) return;
    await this.ctx.jobs.runSlots(ticks.map(({ job, slot }) => ({ slug: job.slug, slot })));
    for (const { job, slot } of ticks) this.#askedUntil.set(job.slug, slot.getTime());
    this.ctx.log.debug(
      { slots: ticks.map(({ job, slot }) => `${job.slug} ${slot.toISOString()}`) },
      "asked for slots",
    );
  }

  /** A slot that was asked for and has come and gone without a run is asked for again, as the next one. */
  #isAsked(job: CronJob, slot: Date): boolean {
    return (this.#askedUntil.get(job.slug) ?? 0) >= slot.getTime();
  }
}
