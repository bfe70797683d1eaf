// What `AbortSignal.any` and `AbortSignal.timeout` do, also where they are not: in React Native, and in older browsers.

/** Aborted as soon as one of them is, for its reason. */
export function anySignal(...signals: (AbortSignal | undefined)[]): AbortSignal {
  const given = signals.filter((signal) => signal !== undefined);
  if (AbortSignal.any) return AbortSignal.any(given);
  const controller = new AbortController();
  for (const signal of given) {
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }
  return controller.signal;
}

export function timeoutSignal(ms: number): AbortSignal {
  if (AbortSignal.timeout) return AbortSignal.timeout(ms);
  const controller = new AbortController();
  setTimeout(() => controller.abort({ name: "TimeoutError", message: "It took too long." }), ms);
  return controller.signal;
}
