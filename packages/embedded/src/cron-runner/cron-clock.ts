import { Cron } from "croner";

export interface CronTrigger {
  /** `TZ=` may stand before the five fields. */
  expression: string;
  /** When it fired last, as far as that is known. */
  lastFiredAt?: Date | undefined;
}

export interface Firing<T extends CronTrigger> {
  trigger: T;
  at: Date;
}

/** Looks at the clock at least this often, so that a clock that is set or a machine that slept is noticed. */
const LONGEST_NAP_MS = 15_000;
/** A clock that goes back further than this was set. */
const BACKWARDS_MS = 2000;
/** How soon firings that nobody could take are offered again. */
const RETRY_MS = 1000;

/**
 * Fires triggers at their instants, over one timer for all, those of one instant together. Where instants were missed,
 * by a sleep of the machine or since a trigger fired last, the newest of each fires once, with its own time. Firings
 * count as done when `fire` resolves. @returns a function that stops it
 */
export function startCronClock<T extends CronTrigger>(
  triggers: readonly T[],
  options: { now: () => Date; fire(firings: Firing<T>[]): Promise<void> },
): () => void {
  const { now, fire } = options;
  let lastLook = now();
  const plan = triggers.map((trigger) => {
    const cron = parseTrigger(trigger.expression);
    const { lastFiredAt } = trigger;
    // An instant to come was written down under a clock that was wrong.
    const isKnown = lastFiredAt !== undefined && lastFiredAt < lastLook;
    return { trigger, cron, next: cron.nextRun(isKnown ? lastFiredAt : lastLook) };
  });
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    const instant = now();
    const wasSetBack = instant.getTime() < lastLook.getTime() - BACKWARDS_MS;
    lastLook = instant;
    const due = plan.flatMap((entry) => {
      if (wasSetBack) entry.next = entry.cron.nextRun(instant);
      if (!entry.next || entry.next > instant) return [];
      const [newest] = entry.cron.previousRuns(1, new Date(instant.getTime() + 1));
      return [{ entry, at: newest ?? entry.next }];
    });
    let isTaken = true;
    if (due.length > 0)
      isTaken = await fire(due.map(({ entry, at }) => ({ trigger: entry.trigger, at }))).then(
        () => true,
        () => false,
      );
    if (isTaken) for (const { entry, at } of due) entry.next = entry.cron.nextRun(at);
    if (!stopped) sleep(isTaken ? 0 : RETRY_MS);
  }

  function sleep(leastMs: number): void {
    const nextMs = Math.min(...plan.map(({ next }) => next?.getTime() ?? Number.POSITIVE_INFINITY));
    const napMs = Math.max(leastMs, Math.min(nextMs - now().getTime(), LONGEST_NAP_MS));
    timer = setTimeout(() => void look(), napMs);
  }

  if (plan.length > 0) sleep(0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function parseTrigger(expression: string): Cron {
  const [, timezone, fields] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(expression) ?? [];
  return new Cron(fields ?? expression, {
    timezone: timezone ?? "UTC",
    mode: "5-part",
    paused: true,
  });
}
