import { setTimeout as sleep } from "node:timers/promises";
import { readPostmaster } from "./find-live-postgres";
import { enterKeeper } from "./keepers";
import { isMarkedStopped } from "./stop-mark";

const lookEveryMs = 1_000;
const maxPauseMs = 60_000;
/** How long a server that somebody else told to end may wait for its sessions to leave. */
const farewellMs = 3_000;

export interface Revival {
  /** The server died, and is started. */
  onDeath(): void;
  /** It did not start; it is tried again. */
  onFailure(error: unknown): void;
}

/**
 * Starts a cluster's server again whenever it ended and nobody here stopped it: killed for want of memory, say, or by
 * a start that failed. It is tried until it runs.
 * @param way.start starts or adopts it, on the port that it had
 * @param way.isServing whether it answers there, whatever its postmaster.pid says
 * @returns what ends the watch, once a start that is under way is over
 */
export function keepAlive(
  clusterDir: string,
  { start, isServing }: { start(): Promise<unknown>; isServing(): Promise<boolean> },
  { onDeath, onFailure }: Revival,
): () => Promise<void> {
  const end = new AbortController();
  const { signal } = end;
  const leave = enterKeeper(clusterDir);
  const watching = (async () => {
    let isDown = false;
    let endsSince: number | null = null;
    for (let pauseMs = lookEveryMs; ; ) {
      // Nobody's process lives on for it.
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const postmaster = readPostmaster(clusterDir);
      if (isMarkedStopped(clusterDir)) continue;
      if (postmaster?.state === "running") {
        isDown = false;
        if (!postmaster.isEnding) {
          endsSince = null;
          continue;
        }
        endsSince ??= performance.now();
        // A plain SIGTERM lets nobody in and waits for our own sessions, which wait for it.
        if (performance.now() - endsSince > farewellMs) endSessions(postmaster.pid);
        continue;
      }
      try {
        // Without its postmaster.pid it ends by itself, when it notices.
        if (await isServing()) continue;
        if (!isDown) onDeath();
        isDown = true;
        await start();
        pauseMs = lookEveryMs;
        isDown = false;
      } catch (error) {
        onFailure(error);
        pauseMs = Math.min(maxPauseMs, pauseMs * 2);
      }
    }
  })();
  return async () => {
    end.abort();
    await watching;
    leave();
  };
}

/** PostgreSQL's signal for a fast shutdown. */
export function endSessions(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It has ended meanwhile.
  }
}
