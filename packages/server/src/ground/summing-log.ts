import type { Logger } from "../ports/logger";

const windowMs = 60_000;
/** Of requests and the like that a summed line stands for, so many are named. */
const mostIds = 20;
/** Different warnings that are counted at a time; what is beyond is written as it comes. */
const mostKinds = 500;

interface Sum {
  log: Logger;
  facts: object;
  message: string;
  times: number;
  requestIds: string[];
}

/** Logs that sum up already: an app's own may come here as one. */
const summing = new WeakSet<Logger>();

/**
 * Writes a warning when it first comes, and those that are equal to it within a minute as one line that says how many they
 * were: a store that is away for an hour is no reason for thousands of lines. Errors are written one by one, each with
 * its own cause.
 */
export function summingLog(log: Logger): Logger {
  return summing.has(log) ? log : wrap(log, new Map());
}

function wrap(log: Logger, sums: Map<string, Sum>): Logger {
  const wrapped: Logger = {
    debug: (facts, message) => log.debug(facts, message),
    info: (facts, message) => log.info(facts, message),
    error: (facts, message) => log.error(facts, message),
    child: (facts) => wrap(log.child(facts), sums),
    warn(facts, message) {
      const key = keyOf(facts, message);
      const sum = sums.get(key);
      if (sum) return count(sum, { log, facts, message });
      log.warn(facts, message);
      if (sums.size >= mostKinds) return;
      sums.set(key, { log, facts, message, times: 0, requestIds: [] });
      setTimeout(() => {
        const ended = sums.get(key);
        sums.delete(key);
        if (ended && ended.times > 0) write(ended);
      }, windowMs).unref();
    },
  };
  summing.add(wrapped);
  return wrapped;
}

/** Equal are those of one message and one cause. */
function keyOf(facts: object, message: string): string {
  const { err } = facts as { err?: { code?: unknown; message?: unknown } };
  const cause = err ? `${err.code ?? ""} ${String(err.message ?? err).slice(0, 200)}` : "";
  return `${message}\n${cause.replace(/\d+/g, "n")}`;
}

function count(sum: Sum, last: Pick<Sum, "log" | "facts" | "message">): void {
  Object.assign(sum, last);
  sum.times++;
  const { requestId } = last.facts as { requestId?: unknown };
  if (typeof requestId === "string" && sum.requestIds.length < mostIds) {
    sum.requestIds.push(requestId);
  }
}

function write({ log, facts, message, times, requestIds }: Sum): void {
  const { requestId, ...rest } = facts as { requestId?: unknown };
  log.warn(
    {
      ...rest,
      times,
      withinSeconds: windowMs / 1000,
      ...(requestIds.length > 0 && { requestIds }),
    },
    message,
  );
}
