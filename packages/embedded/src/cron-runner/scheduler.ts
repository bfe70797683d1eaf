import type { Agenda } from "./agenda";
import { type Firing, startCronClock } from "./cron-clock";
import { wait } from "./durations";
import type { Run, RunStore } from "./run-store";
import type { RunnerLog } from "./runner-log";
import type { RunnerFunction } from "./sdk-client";

const START_RETRY_MS = 1000;
const ADOPT_EVERY_MS = 5000;
/** When PostgreSQL comes back, other processes need a moment to show that they live. */
const PRESENCE_GRACE_MS = 5000;
const PURGE_EVERY_MS = 3_600_000;
/** An event's id is taken once within that time. */
const ENDS_KEPT_MS = 86_400_000;

interface Trigger {
  key: string;
  expression: string;
  fn: RunnerFunction;
  lastFiredAt?: Date | undefined;
}

/**
 * What the elected process does: fires the cron triggers, takes up what others left, and clears away what is long over.
 * @returns a function that stops it
 */
export function keepSchedule(options: {
  functions: readonly RunnerFunction[];
  store: RunStore;
  agenda: Agenda;
  log: RunnerLog;
  begin(runs: Run[]): void;
}): () => void {
  const { functions, store, agenda, log, begin } = options;
  const over = new AbortController();
  const { signal } = over;
  let stopClock = () => {};

  async function fire(firings: Firing<Trigger>[]): Promise<void> {
    const runs = firings.map(({ trigger, at }) => toRun(trigger, at));
    const firedAt = new Map(firings.map(({ trigger, at }) => [trigger.key, at]));
    try {
      begin(await store.insertFired(runs, firedAt));
    } catch (err) {
      log.warn({ err }, "fired crons could not be written down; they will be offered again");
      throw err;
    }
  }

  async function startClock(): Promise<void> {
    const lastFiredAt = await store.readSchedule();
    if (signal.aborted) return;
    const triggers = functions.flatMap((fn) =>
      fn.triggers.flatMap(({ cron: expression }): Trigger[] => {
        if (!expression) return [];
        const key = `${fn.id}:${expression}`;
        return [{ key, expression, fn, lastFiredAt: lastFiredAt.get(key) }];
      }),
    );
    stopClock = startCronClock(triggers, { now: agenda.now, fire });
  }

  async function lookAfterRuns(): Promise<void> {
    const functionIds = functions.map(({ id }) => id);
    const electedAt = performance.now();
    let purgedAt = Number.NEGATIVE_INFINITY;
    do {
      const ofTheDead = performance.now() - electedAt >= PRESENCE_GRACE_MS;
      await attempt(async () => begin(await store.adopt(functionIds, { ofTheDead })));
      if (performance.now() - purgedAt < PURGE_EVERY_MS) continue;
      purgedAt = performance.now();
      const before = new Date(agenda.now().getTime() - ENDS_KEPT_MS);
      await attempt(() => store.purgeEnded(before, signal));
    } while (await wait(ADOPT_EVERY_MS, signal));
  }

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, "the cron runner's tables could not be read");
      return false;
    }
  }

  async function startClockSoon(): Promise<void> {
    while (!(await attempt(startClock)) && (await wait(START_RETRY_MS, signal)));
  }

  void startClockSoon();
  void lookAfterRuns();
  return () => {
    over.abort();
    stopClock();
  };
}

function toRun({ key, expression: cron, fn }: Trigger, at: Date): Run {
  const scheduledAt = at.toISOString();
  const event = {
    id: `${key}:${scheduledAt}`,
    name: "inngest/scheduled.timer",
    ts: at.getTime(),
    data: { cron, scheduledAt },
  };
  return { id: crypto.randomUUID(), functionId: fn.id, event, state: null };
}
