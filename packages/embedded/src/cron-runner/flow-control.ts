import { CallSlots } from "./call-slots";
import { readWaitMs } from "./durations";
import type { RunnerEvent } from "./event-bus";
import { readKey } from "./expressions";
import type { RunnerLog } from "./runner-log";
import type { ConcurrencyOption, RunnerFunction } from "./sdk-client";

/** What the runner keeps to of a function's flow control, in this process. */
export interface FlowControl {
  isSingleton: boolean;
  callSlots: CallSlots | null;
  /** Whose slots a run takes. */
  slotKey(event: RunnerEvent): string;
  batch: { maxSize: number; timeoutMs: number; keyOf(event: RunnerEvent): string } | null;
}

const alike = () => "";

export function readFlowControl(fn: RunnerFunction): FlowControl {
  const limits = concurrencyOf(fn).filter(isKept);
  const plain = limits.filter(({ key }) => key === undefined).map(({ limit }) => limit);
  const keyed = limits.find(({ key }) => key !== undefined);
  const { batchEvents } = fn;
  const batchKey = keyOf(batchEvents?.key);
  return {
    isSingleton: fn.singleton?.mode === "skip",
    callSlots: limits.length > 0 ? new CallSlots(Math.min(...plain), keyed?.limit) : null,
    slotKey: keyOf(keyed?.key) ?? alike,
    batch:
      batchEvents && batchKey && batchEvents.if === undefined
        ? {
            maxSize: batchEvents.maxSize,
            timeoutMs: readWaitMs(batchEvents.timeout, new Date(0)),
            keyOf: batchKey,
          }
        : null,
  };
}

/** Null for a key that only Inngest can read. */
function keyOf(expression: string | undefined): ((event: RunnerEvent) => string) | null {
  return expression === undefined ? alike : readKey(expression);
}

/** Says which options of a function the runner does not keep to: with an Inngest server they would be. */
export function warnOfIgnoredOptions(fn: RunnerFunction, log: RunnerLog): void {
  const { singleton, batchEvents } = fn;
  const unkept = concurrencyOf(fn).filter((option) => !isKept(option));
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
    ...(batchEvents && (!keyOf(batchEvents.key) || batchEvents.if !== undefined)
      ? ["batchEvents"]
      : []),
    ...unkept.map((option) => `concurrency.${option.key !== undefined ? "key" : "scope"}`),
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

function isKept({ key, scope }: ConcurrencyOption): boolean {
  return keyOf(key) !== null && (scope === undefined || scope === "fn");
}

function whereSet(fn: RunnerFunction, options: (keyof RunnerFunction)[]): string[] {
  return options.filter((option) => {
    const value = fn[option];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
}
