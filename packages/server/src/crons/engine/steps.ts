import { setTimeout as pause } from "node:timers/promises";
import type { Prisma } from "../../generated/prisma/client";
import type { Db } from "../../ground/db";
import type { SharedTransaction } from "../../ground/shared-transaction";
import type { Clock } from "../../ports/clock";
import type { JobQueue } from "../../ports/job-queue";
import type { Steps } from "../../ports/steps";
import { toLedgerError, toLedgerResult } from "../ledger/ledger-values";

/** Shorter sleeps are waited for by the call itself. */
const SHORT_SLEEP_MS = 2_000;
const MAX_STEP_NAME_CHARS = 200;

/**
 * The steps of one run.
 * @param onSleep ends this call: the run goes on at that instant, from its beginning, past the steps that are through
 */
export function createSteps(
  ctx: { db: Db; clock: Clock; jobs: JobQueue; transaction: SharedTransaction },
  runId: string,
  options: { signal: AbortSignal; onSleep(until: Date): void },
): Steps {
  const taken = new Set<string>();
  let known: Promise<
    Map<string, { finishedAt: Date | null; wakeAt: Date | null; output: unknown }>
  >;
  const recall = () => {
    known ??= ctx.db.cronStep
      .findMany({ where: { runId } })
      .then((rows) => new Map(rows.map((row) => [row.name, row])));
    return known;
  };

  async function begin(name: string, wakeAt?: Date) {
    if (name === "" || name.length > MAX_STEP_NAME_CHARS || taken.has(name))
      throw new Error(
        `A step needs a name of its own, of at most ${MAX_STEP_NAME_CHARS} characters: "${name}"`,
      );
    taken.add(name);
    options.signal.throwIfAborted();
    const row = (await recall()).get(name);
    if (row && (row.finishedAt || row.wakeAt)) return row;
    const startedAt = ctx.clock.now();
    await ctx.db.cronStep.upsert({
      where: { runId_name: { runId, name } },
      create: { runId, name, position: taken.size - 1, startedAt, wakeAt: wakeAt ?? null },
      update: { startedAt, attempt: { increment: 1 }, error: null },
    });
    return { finishedAt: null, wakeAt: wakeAt ?? null, output: null };
  }

  function end(name: string, data: { output?: Prisma.InputJsonValue | undefined; error?: string }) {
    const { output, error } = data;
    return ctx.db.cronStep.update({
      where: { runId_name: { runId, name } },
      data: {
        ...(error === undefined && { finishedAt: ctx.clock.now() }),
        ...(output !== undefined && { output }),
        ...(error !== undefined && { error }),
      },
    });
  }

  async function run<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    const row = await begin(name);
    if (row.finishedAt) return row.output as T;
    try {
      const output = toLedgerResult(await work());
      await end(name, { output });
      return (output ?? null) as T;
    } catch (error) {
      await end(name, { error: toLedgerError(error) });
      throw error;
    }
  }

  return {
    run,

    async transaction(name, work) {
      const row = await begin(name);
      if (row.finishedAt) return;
      const text = `UPDATE "CronStep" SET "finishedAt" = $3::timestamptz
        WHERE "runId" = $1 AND "name" = $2 AND "finishedAt" IS NULL RETURNING "name"`;
      try {
        // Nothing is left to do where a worker that was taken for dead did it after all.
        await ctx.transaction({
          ours: async (tx) =>
            (await tx.query(text, [runId, name, ctx.clock.now().toISOString()])).rows[0] ?? null,
          theirs: work,
        });
      } catch (error) {
        await end(name, { error: toLedgerError(error) });
        throw error;
      }
    },

    async sleep(name, seconds) {
      if (!(seconds >= 0) || !Number.isFinite(seconds))
        throw new Error(`A sleep takes a number of seconds from 0, not ${seconds}`);
      const row = await begin(name, new Date(ctx.clock.now().getTime() + seconds * 1000));
      if (row.finishedAt || !row.wakeAt) return;
      const restMs = row.wakeAt.getTime() - ctx.clock.now().getTime();
      if (restMs > SHORT_SLEEP_MS) {
        options.onSleep(row.wakeAt);
        // The run ends here for now; what stands behind it in the job is for the next call.
        await new Promise<never>(() => {});
      }
      if (restMs > 0) await pause(restMs, undefined, { signal: options.signal });
      await end(name, {});
    },

    async sendEvent(name, event) {
      await run(name, async () => {
        await ctx.jobs.sendEvent({ ...event, id: `step:${runId}:${name}` });
        return null;
      });
    },
  };
}
