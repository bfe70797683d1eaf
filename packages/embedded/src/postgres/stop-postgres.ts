import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { withFileLock } from "./file-lock";
import { locateCluster } from "./locate-cluster";
import { stopServer } from "./stop-server";

/** Stops whatever server runs over the cluster asked for at `dataDir`; returns where that cluster really is. */
export async function stopPostgres(dataDir: string): Promise<string> {
  const location = await locateCluster(dataDir);
  // A cluster whose home is gone is served by nobody.
  if (!existsSync(dirname(location.dir))) return location.dir;
  await withFileLock(`${location.dir}.lock`, () => stopServer(location));
  return location.dir;
}
