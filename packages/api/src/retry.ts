import { FermataError, toFermataError } from "./api-error";

/** How often, and after which pauses, a failed step of an upload is tried again. */
export interface Backoff {
  /** Tries in all, the first included. */
  maxTries: number;
  /** The pause before the second try; it doubles with each further one. */
  baseDelayMs: number;
  maxDelayMs: number;
}

export interface RetryPolicy extends Backoff {
  /** An upload on which nothing moves for this long is given up, so that it can be tried anew. */
  stallMs: number;
}

/** About a minute of a broken network is bridged before an upload fails. */
export const defaultRetryPolicy: RetryPolicy = {
  maxTries: 8,
  baseDelayMs: 500,
  maxDelayMs: 15_000,
  stallMs: 60_000,
};

/** How long a browser that says it is offline is waited for before each try. It may be wrong: the server may be local. */
const offlineWaitMs = 30_000;

export interface RetryOptions {
  policy: Backoff;
  signal?: AbortSignal | undefined;
  isRetryable?(error: FermataError): boolean;
  /** How far the whole has come: tries and pauses begin anew when it grew since the last one. */
  progress?(): number;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or the policy is used up.
 * @throws FermataError the last failure, or ABORTED as soon as the signal says so
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  { policy, signal, isRetryable = isTransient, progress }: RetryOptions,
): Promise<T> {
  let reached = progress?.() ?? 0;
  for (let tries = 1; ; tries++) {
    if (signal?.aborted) throw new FermataError("ABORTED");
    try {
      return await attempt();
    } catch (thrown) {
      if (signal?.aborted) throw new FermataError("ABORTED", undefined, { cause: thrown });
      const error = toFermataError(thrown);
      const reaches = progress?.() ?? 0;
      const progressed = reaches > reached;
      if (progressed) tries = 0;
      reached = reaches;
      if (tries >= policy.maxTries || !isRetryable(error)) throw error;
      // What works in between is worth no pause: where connections are cut every few seconds, it is time to send in.
      await waitOut(retryDelayMs(policy, progressed ? afterProgress : tries, error), signal);
      // However long a laptop is closed or without a network: that is no failed try.
      if (isOffline()) tries--;
    }
  }
}

/** A sixteenth of the first pause. */
const afterProgress = -3;

/** Whether the same step may succeed when it is simply done again. */
export function isTransient(error: FermataError): boolean {
  if (error.code === "NETWORK") return true;
  if (isFinal(error)) return false;
  if (error.code === "RATE_LIMITED") return (askedSeconds(error) ?? 0) <= maxAskedSeconds;
  return error.code === "UPSTREAM_UNAVAILABLE" || (error.httpStatus ?? 0) >= 500;
}

/** Statuses by which a server says that it will never do what it is asked for. */
const finalStatuses = [501, 505, 506, 508, 510];

function isFinal({ httpStatus, details }: FermataError): boolean {
  return details?.retry === false || finalStatuses.includes(httpStatus ?? 0);
}

/** The pause after `tries` failed tries: doubled each time, with jitter so that clients do not return in step. */
export function retryDelayMs(
  { baseDelayMs, maxDelayMs }: Backoff,
  tries: number,
  error?: FermataError,
): number {
  const delayMs = Math.min(maxDelayMs, baseDelayMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  return Math.max(delayMs, (askedSeconds(error) ?? 0) * 1000);
}

/** A server that asks for a longer pause has refused: the user decides when to come back. */
const maxAskedSeconds = 60;

function askedSeconds(error: FermataError | undefined): number | undefined {
  const seconds = error?.details?.retryAfterSeconds;
  return typeof seconds === "number" ? seconds : undefined;
}

function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}

/** Resolves after `delayMs`; while the browser is offline, as soon as it is back. Returns at once on abort. */
export function waitOut(delayMs: number, signal?: AbortSignal): Promise<void> {
  const offline = isOffline();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      if (offline) globalThis.removeEventListener?.("online", finish);
      resolve();
    };
    const timer = setTimeout(finish, offline ? Math.max(delayMs, offlineWaitMs) : delayMs);
    signal?.addEventListener("abort", finish);
    if (offline) globalThis.addEventListener?.("online", finish);
  });
}
