import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { recordFile } from "../postgres/cluster-record";
import { withFileLock } from "../postgres/file-lock";
import { readPostmaster } from "../postgres/find-live-postgres";
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  type EmbeddedPostgresErrorCode,
  startPostgres,
} from "../postgres/start-postgres";
import { stopPostgres } from "../postgres/stop-postgres";
import { isLeftover, makeOwnedName } from "./owned-name";
import { sweepTestCluster } from "./sweep-test-cluster";
import { TEST_ROOT } from "./test-paths";
import { sweepThrowaways } from "./throwaway-postgres";

export interface TestPostgres {
  /** The superuser's URL to the server. */
  url: string;
  /** Gives the cluster up; the last of its users stops it. */
  release(): Promise<void>;
  /** The same for a process that is about to be ended and cannot wait: the last user asks the server to stop. */
  abandon(): void;
}

const LEASE_PREFIX = "lease";
/** Nothing here has to outlive a power cut. */
const TEST_SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
  log_checkpoints: "off",
};

/**
 * Starts the checkout's one test cluster, or shares it with whoever uses it already. Its users are counted by
 * lease files; those of processes that were killed do not count, and what they left is cleaned up.
 */
export async function acquireTestPostgres(testRoot = TEST_ROOT): Promise<TestPostgres> {
  const leases = join(testRoot, "leases");
  const lease = join(leases, makeOwnedName(LEASE_PREFIX));
  mkdirSync(leases, { recursive: true });
  const exclusively = <T>(work: () => Promise<T>) => withFileLock(`${leases}.lock`, work);

  const server = await exclusively(async () => {
    const isFirst = countLiveLeases(leases) === 0;
    // Before the start, so that a user who is interrupted meanwhile leaves the server to us.
    writeFileSync(lease, "");
    try {
      const started = await startOrRemake(join(testRoot, "postgres"));
      if (isFirst) await cleanUp(started, testRoot);
      return started;
    } catch (error) {
      rmSync(lease, { force: true });
      throw error;
    }
  });
  return {
    url: server.url,
    release: () =>
      exclusively(async () => {
        rmSync(lease, { force: true });
        if (countLiveLeases(leases) === 0) await server.stop();
      }),
    abandon: () => {
      rmSync(lease, { force: true });
      const postmaster = readPostmaster(server.dataDir);
      const isLast = countLiveLeases(leases) === 0;
      // PostgreSQL's signal for a fast shutdown.
      if (isLast && postmaster?.state === "running") process.kill(postmaster.pid, "SIGINT");
    },
  };
}

const REMADE_AFTER = new Set<EmbeddedPostgresErrorCode>([
  "START_FAILED",
  "DATA_DIR_UNUSABLE",
  "DATABASE_MISSING",
  "DATABASE_NOT_THIS_ONE",
]);

/** With fsync off a power cut can ruin the cluster, and a newer PostgreSQL cannot read it: nothing in it is missed. */
async function startOrRemake(dataDir: string): Promise<EmbeddedPostgres> {
  const start = () => startPostgres({ dataDir, settings: TEST_SETTINGS });
  try {
    return await start();
  } catch (error) {
    const code = error instanceof EmbeddedPostgresError ? error.code : undefined;
    if (!code || !REMADE_AFTER.has(code)) throw error;
    const clusterDir = await stopPostgres(dataDir);
    rmSync(clusterDir, { recursive: true, force: true });
    rmSync(recordFile(dirname(dataDir), basename(dataDir)), { force: true });
    return start();
  }
}

async function cleanUp(server: EmbeddedPostgres, testRoot: string): Promise<void> {
  await sweepTestCluster(server.url);
  await sweepThrowaways(testRoot);
  await sweepThrowaways(tmpdir());
}

function countLiveLeases(leases: string): number {
  const names = readdirSync(leases);
  const dead = names.filter((name) => isLeftover(LEASE_PREFIX, name));
  for (const name of dead) rmSync(join(leases, name), { force: true });
  return names.length - dead.length;
}
