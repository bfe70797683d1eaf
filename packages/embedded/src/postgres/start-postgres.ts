import { dirname } from "node:path";
import { findBinaries } from "./binaries";
import { openWithoutPassword, requirePassword, trustsAnybody } from "./client-rules";
import { damagedCluster, EmbeddedPostgresError } from "./embedded-postgres-error";
import { ensureDatabase } from "./ensure-database";
import { withFileLock } from "./file-lock";
import { findLivePort, isServedAt, readPostmaster } from "./find-live-postgres";
import { initCluster } from "./init-cluster";
import { isInUse } from "./is-in-use";
import { endSessions, keepAlive, type Revival } from "./keep-alive";
import { hasOtherKeeper } from "./keepers";
import { type ClusterLocation, locateCluster } from "./locate-cluster";
import { readPassword } from "./password";
import { postgresUrl } from "./postgres-url";
import { rememberCluster, requireKnownCluster } from "./require-known-cluster";
import { startServer } from "./start-server";
import { isMarkedStopped, unmarkStopped } from "./stop-mark";
import { stopServer } from "./stop-server";

export {
  EmbeddedPostgresError,
  type EmbeddedPostgresErrorCode,
} from "./embedded-postgres-error";
export type { Revival } from "./keep-alive";
export { withUserPassword } from "./password";

export interface StartPostgresOptions {
  /** Where the cluster shall live, in a data root of its own: `<data root>/postgres`. */
  dataDir: string;
  /** Insist on this port; by default a free one is chosen once and remembered. */
  port?: number;
  /** Created if missing; `url` names it. Default: "postgres". */
  database?: string;
  /** Server settings beyond the defaults, such as `{ fsync: "off" }` in tests. Ignored when a running server is adopted. */
  settings?: Record<string, string>;
  /** Why the cluster must be there already, for the person who lost it; without it a first start makes one. */
  expected?: string | null;
  /** Told what is being done, in words for the person who waits. */
  onProgress?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** The superuser's URL to `database`. */
  url: string;
  port: number;
  /** True when a running server of this cluster was found instead of started. */
  adopted: boolean;
  /** Where the cluster really is: not where it was asked for if PostgreSQL cannot get there. */
  dataDir: string;
  /** Whether that is outside of the data root, so that a backup of the data root lacks it. */
  isElsewhere: boolean;
  /** Starts the server again, on its port, whenever it ended unasked. @returns what ends that; call it before the server is stopped */
  keepAlive(revival: Revival): () => Promise<void>;
  /** Stops the server, also an adopted one, and waits for its end. Whether to call it is up to whoever shares the cluster. */
  stop(): Promise<void>;
  /** Stops the server unless another process on the same data is connected to it, or keeps it alive. */
  stopIfUnused(): Promise<void>;
  /**
   * For a process that is ended by force: tells the server to end as soon as it can, unless another process keeps it.
   * @returns its process id where it was told
   */
  abandon(): number | null;
}

/**
 * Starts a real PostgreSQL on 127.0.0.1 over the cluster in `dataDir`, making the cluster first if there is
 * none, or adopts the server that already runs over it. Safe to call from several processes at once, and after
 * any of them (or PostgreSQL itself) was killed.
 * @throws EmbeddedPostgresError
 */
export async function startPostgres(options: StartPostgresOptions): Promise<EmbeddedPostgres> {
  const location = await locateCluster(options.dataDir);
  requireKnownCluster(location, options.expected ?? null);
  const { port, adopted } = await adoptOrStart(location, options);
  rememberCluster(location);
  const serverUrl = postgresUrl(port, "postgres", readPassword(location.dir));
  const exclusively = (work: () => Promise<void>) => withFileLock(`${location.dir}.lock`, work);
  const exists = (name: string) =>
    ensureDatabase(serverUrl, name).catch((error: { code?: string }) => {
      // Every cluster has the database that we ask by: where it is gone, more is.
      if (error.code !== "3D000" && error.code !== "XX001") throw error;
      throw new EmbeddedPostgresError("START_FAILED", damagedCluster(location.dir), {
        cause: error,
      });
    });
  return {
    url: options.database ? await exists(options.database) : serverUrl,
    port,
    adopted,
    dataDir: location.dir,
    isElsewhere: dirname(location.dir) !== location.dataRoot,
    keepAlive: (revival) =>
      keepAlive(
        location.dir,
        {
          start: () => adoptOrStart(location, { ...options, port, isRevival: true }),
          isServing: () => isServedAt(port, location.dir),
        },
        revival,
      ),
    stop: () => exclusively(() => stopServer(location)),
    stopIfUnused: () =>
      exclusively(async () => {
        if (!hasOtherKeeper(location.dir) && !(await isInUse(serverUrl)))
          await stopServer(location);
      }),
    abandon() {
      const postmaster = readPostmaster(location.dir);
      if (postmaster?.state !== "running" || hasOtherKeeper(location.dir)) return null;
      endSessions(postmaster.pid);
      return postmaster.pid;
    },
  };
}

async function adoptOrStart(
  location: ClusterLocation,
  options: StartPostgresOptions & { isRevival?: boolean },
): Promise<{ port: number; adopted: boolean }> {
  const livePort = await findLivePort(location.dir);
  if (livePort !== undefined && !trustsAnybody(location.dir)) {
    unmarkStopped(location.dir);
    return { port: livePort, adopted: true };
  }
  return withFileLock(`${location.dir}.lock`, async () => {
    // Whoever had the lock stopped it, and meant it.
    if (options.isRevival && isMarkedStopped(location.dir))
      return { port: options.port ?? 0, adopted: true };
    const binaries = await findBinaries(location.user);
    options.onProgress?.(`Preparing the database at ${location.dir}`);
    await initCluster(location, binaries);
    openWithoutPassword(location);
    options.onProgress?.(`Starting PostgreSQL ${binaries.majorVersion}`);
    const started = await startServer(location, binaries, options);
    await requirePassword(location, started.port);
    await findLivePort(location.dir);
    unmarkStopped(location.dir);
    return started;
  });
}
