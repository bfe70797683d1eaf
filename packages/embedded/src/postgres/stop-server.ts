import { setTimeout as sleep } from "node:timers/promises";
import { findBinaries } from "./binaries";
import { EmbeddedPostgresError } from "./embedded-postgres-error";
import { readPostmaster } from "./find-live-postgres";
import type { ClusterLocation } from "./locate-cluster";
import { run } from "./run-as";
import { markStopped } from "./stop-mark";

const STOP_TIMEOUT_SECONDS = 60;

/**
 * Ends all sessions, writes everything out and waits until the server is gone, and whoever keeps it alive lets it be;
 * ends nothing when none runs. Call it under the cluster's lock.
 */
export async function stopServer({ dir, user }: ClusterLocation): Promise<void> {
  markStopped(dir);
  if (readPostmaster(dir)?.state !== "running") return;
  const { pgCtl } = await findBinaries(user);
  const args = ["-D", dir, "-m", "fast", "-w", "-t", String(STOP_TIMEOUT_SECONDS), "-s", "stop"];
  const { output } = await run(pgCtl, args, { user });
  for (let waitedMs = 0; readPostmaster(dir)?.state === "running"; waitedMs += 50) {
    if (waitedMs > 1_000) {
      throw new EmbeddedPostgresError("STOP_FAILED", `PostgreSQL did not stop: ${output}`);
    }
    await sleep(50);
  }
}
