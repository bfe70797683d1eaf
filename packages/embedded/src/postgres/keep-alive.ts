import { setTimeout as sleep } from "node:timers/promises";
import { readPostmaster } from "./find-live-postgres";

const lookEveryMs = 1_000;
const maxPauseMs = 60_000;

export interface Revival {
  /** The server died, and is started. */
  onDeath(): void;
  /** It did not start; it is tried again. */
  onFailure(error: unknown): void;
}

/**
 * Starts a cluster's server again whenever it died: killed for want of memory, say. One that was stopped leaves no
 * postmaster.pid, and stays stopped.
 * @param start starts or adopts it, on the port that it had
 * @returns what ends the watch, once a start that is under way is over
 */
export function keepAlive(
  clusterDir: string,
  start: () => Promise<unknown>,
  { onDeath, onFailure }: Revival,
): () => Promise<void> {
  const end = new AbortController();
  const { signal } = end;
  const watching = (async () => {
    for (let pauseMs = lookEveryMs; ; ) {
      // Nobody's process lives on for it.
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const postmaster = readPostmaster(clusterDir);
      if (!postmaster || postmaster.state === "running") continue;
      onDeath();
      try {
        await start();
        pauseMs = lookEveryMs;
      } catch (error) {
        onFailure(error);
        pauseMs = Math.min(maxPauseMs, pauseMs * 2);
      }
    }
  })();
  return () => {
    end.abort();
    return watching;
  };
}
