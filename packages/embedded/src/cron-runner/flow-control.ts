import { CallSlots } from "./call-slots";
import { readWaitMs } from "./durations";
import type { RunnerLog } from "./runner-log";
import type { ConcurrencyOption, RunnerFunction } from "./sdk-client";

/** What the runner keeps to of a function's flow control, in this process. */
export interface FlowControl {
  isSingleton: boolean;
  callSlots: CallSlots | null;
  batch: { maxSize: number; timeoutMs: number } | null;
}

export function readFlowControl(fn: RunnerFunction): FlowControl {
  const limits = concurrencyOf(fn).filter(isPlain);
  const { batchEvents } = fn;
  return {
    isSingleton: fn.singleton?.mode === "skip",
    callSlots: limits.length > 0 ? new CallSlots(Math.min(...limits.map((c) => c.limit))) : null,
    batch:
      batchEvents && batchEvents.key === undefined && batchEvents.if === undefined
        ? { maxSize: batchEvents.maxSize, timeoutMs: readWaitMs(batchEvents.timeout, new Date(0)) }
        : null,
  };
}

/** Says which options of a function the runner does not keep to: with an Inngest server they would be. */
export function warnOfIgnoredOptions(fn: RunnerFunction, log: RunnerLog): void {
  const { singleton, batchEvents } = fn;
  const keyed = concurrencyOf(fn).filter((option) => !isPlain(option));
  const ignored = [
    ...whereSet(fn, [
      "rateLimit",
      "throttle",
      "debounce",
      "cancel",
      "idempotency",
      "priority",
      "timeouts",
    ]),
    ...(singleton?.mode === "cancel" ? ["singleton.mode cancel"] : []),
    ...(singleton?.key !== undefined ? ["singleton.key"] : []),
    ...(batchEvents?.key !== undefined || batchEvents?.if !== undefined ? ["batchEvents"] : []),
    ...keyed.map((option) => `concurrency.${option.key !== undefined ? "key" : "scope"}`),
    ...(fn.triggers.some(({ jitter }) => jitter) ? ["cron jitter"] : []),
  ];
  for (const option of ignored) {
    log.warn(
      { function: fn.id, option },
      `the embedded cron runner ignores ${option} of the function ${fn.id}: an Inngest server would keep to it`,
    );
  }
}

function concurrencyOf({ concurrency = [] }: RunnerFunction): ConcurrencyOption[] {
  if (typeof concurrency === "number") return [{ limit: concurrency }];
  return [concurrency].flat();
}

function isPlain({ key, scope }: ConcurrencyOption): boolean {
  return key === undefined && (scope === undefined || scope === "fn");
}

function whereSet(fn: RunnerFunction, options: (keyof RunnerFunction)[]): string[] {
  return options.filter((option) => {
    const value = fn[option];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
}
