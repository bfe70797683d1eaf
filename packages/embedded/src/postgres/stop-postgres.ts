import { withFileLock } from "./file-lock";
import { locateCluster } from "./locate-cluster";
import { stopServer } from "./stop-server";

/** Stops whatever server runs over the cluster asked for at `dataDir`; returns where that cluster really is. */
export async function stopPostgres(dataDir: string): Promise<string> {
  const location = await locateCluster(dataDir);
  await withFileLock(`${location.dir}.lock`, () => stopServer(location));
  return location.dir;
}
