/**
 * Sends at a steady rate whatever the answers do, and takes each one's time from when it was due: a stall counts for
 * every send that it held up.
 */
export function sendSteadily(perSecond: number, send: (n: number) => Promise<void>) {
  const startedAt = performance.now();
  const latenciesMs: number[] = [];
  const pending = new Set<Promise<void>>();
  let failure: unknown = null;
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1000);
    for (; sent < due; sent++) {
      const dueAt = startedAt + ((sent + 1) * 1000) / perSecond;
      const one = send(sent)
        .then(() => void latenciesMs.push(performance.now() - dueAt))
        .catch((error) => {
          failure = error;
        })
        .finally(() => pending.delete(one));
      pending.add(one);
    }
  }, 1);
  return {
    async stop(): Promise<number[]> {
      clearInterval(timer);
      await Promise.all(pending);
      if (failure) throw failure;
      return latenciesMs;
    },
  };
}
