import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readPostmaster } from "../postgres/find-live-postgres";
import { type EmbeddedPostgres, startPostgres } from "../postgres/start-postgres";
import { stopPostgres } from "../postgres/stop-postgres";
import { isLeftover, makeOwnedName } from "./owned-name";
import { TEST_ROOT } from "./test-paths";

export interface ThrowawayPostgres {
  /** The superuser's URL to `database`; the same after a restart. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Starts it again after `kill9` or `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Kills the server's main process without a chance to write anything; returns when it is dead. */
  kill9(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

/** Of directories that may hold clusters and are swept when the process that made them is gone. */
export const THROWAWAY_PREFIX = "fermata-throwaway";
const DEATH_POLL_MS = 10;

/** A private cluster for tests that kill PostgreSQL. What a killed test run leaves, the next one removes. */
export async function startThrowawayPostgres(
  options: { database?: string; settings?: Record<string, string> } = {},
): Promise<ThrowawayPostgres> {
  const dataDir = join(TEST_ROOT, makeOwnedName(THROWAWAY_PREFIX), "postgres");
  const startHere = () =>
    startPostgres({
      dataDir,
      ...options,
      settings: { fsync: "off", ...options.settings },
    });
  let server: EmbeddedPostgres = await startHere();
  return {
    get url() {
      return server.url;
    },
    get port() {
      return server.port;
    },
    get dataDir() {
      return server.dataDir;
    },
    start: async () => {
      server = await startHere();
    },
    stop: () => server.stop(),
    kill9: () => kill9(server.dataDir),
    remove: () => remove(dataDir),
  };
}

/** Stops and removes what processes that are gone left in `dir`. */
export async function sweepThrowaways(dir: string): Promise<void> {
  for (const name of readdirSync(dir)) {
    if (!isLeftover(THROWAWAY_PREFIX, name)) continue;
    const leftover = join(dir, name);
    for (const file of readdirSync(leftover, { recursive: true, encoding: "utf8" })) {
      if (basename(file) === "postmaster.pid") await stopPostgres(dirname(join(leftover, file)));
    }
    await remove(join(leftover, "postgres"));
  }
}

async function kill9(clusterDir: string): Promise<void> {
  const pid = readPostmaster(clusterDir)?.pid;
  if (pid === undefined) return;
  process.kill(pid, "SIGKILL");
  while (readPostmaster(clusterDir)?.state === "running") await sleep(DEATH_POLL_MS);
}

async function remove(dataDir: string): Promise<void> {
  const clusterDir = await stopPostgres(dataDir);
  // They differ when PostgreSQL could not get to the place asked for.
  for (const home of new Set([dirname(clusterDir), dirname(dataDir)])) {
    rmSync(home, { recursive: true, force: true });
  }
}
