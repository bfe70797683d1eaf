import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type EmbeddedPostgres, startPostgres } from "@fermata/embedded/postgres";
import { freePort } from "@fermata/embedded/testing/free-port";
import { query } from "@fermata/embedded/testing/query";
import { makeDataDir } from "../setup/data-dir";
import { startFaultProxy } from "../setup/fault-proxy";
import { startS3Store } from "../setup/s3-store";
import { type RunningServer, startSelfHosted, withClockAhead } from "../setup/start-server";
import { followMultiparts, type Multiparts } from "./multiparts";
import type { PlannedFault } from "./plan-faults";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Two servers on one PostgreSQL and one object store, with a bad network before the store. */
export interface Installation {
  /** Where the two servers listen, whether or not they do just now. */
  urls: [string, string];
  admin: { email: string; password: string };
  /** Lets it happen, and mends it. */
  suffer(fault: PlannedFault): Promise<void>;
  sql<Row extends Record<string, unknown>>(statement: string): Promise<Row[]>;
  storedKeys(): Promise<Map<string, number>>;
  multiparts: Multiparts;
  close(): Promise<void>;
}

export async function startInstallation(): Promise<Installation> {
  const dir = await makeDataDir();
  const store = await startS3Store();
  const proxy = await startFaultProxy(store.origin);
  const multiparts = followMultiparts(proxy);
  const dataDir = join(dir, "postgres");
  let postgres: EmbeddedPostgres = await startPostgres({ dataDir, database: "fermata" });
  const secret = "the secret of two servers that live for one storm";
  const env = {
    ...store.envAt(proxy.origin),
    DATABASE_URL: postgres.url,
    FERMATA_SECRET: secret,
    NEXTAUTH_SECRET: secret,
    LOG_LEVEL: "error",
  };
  const ports: [number, number] = [await freePort(), await freePort()];

  /** It may come up while PostgreSQL is away: then it ends, and is started again, as a supervisor does. */
  async function start(which: 0 | 1, more: Record<string, string> = {}): Promise<RunningServer> {
    for (let tries = 1; ; tries++) {
      const folder = join(dir, `server-${which}`);
      try {
        return await startSelfHosted(folder, ports[which], { ...env, ...more });
      } catch (error) {
        if (tries === 20) throw error;
        await pause(500);
      }
    }
  }

  // The first one migrates the database and makes the admin.
  const first = await start(0);
  const servers: [RunningServer, RunningServer] = [first, await start(1)];
  const { adminEmail: email, adminPassword: password, baseUrl } = first.target;
  const host = new URL(baseUrl).hostname;

  const restarted = async (which: 0 | 1, signal: NodeJS.Signals, forMs: number, more = {}) => {
    const { process: child } = servers[which];
    child.kill(signal);
    while (child.exitCode === null && child.signalCode === null) await pause(20);
    await pause(forMs);
    servers[which] = await start(which, more);
  };
  const whileStore = async (
    forMs: number,
    choose: Parameters<typeof proxy.plan>[0],
  ): Promise<void> => {
    proxy.plan(choose);
    await pause(forMs);
    proxy.plan(() => null);
  };

  const sufferings: Record<PlannedFault["kind"], (fault: PlannedFault) => Promise<void>> = {
    "server killed": ({ server, forMs }) => restarted(server, "SIGKILL", forMs),
    "server restarted": ({ server, forMs }) => restarted(server, "SIGTERM", forMs),
    async "server stalled"({ server, forMs }) {
      const { process: child } = servers[server];
      child.kill("SIGSTOP");
      await pause(forMs);
      child.kill("SIGCONT");
    },
    async "server an hour ahead"({ server, forMs }) {
      await restarted(server, "SIGTERM", 0, withClockAhead(3_600_000));
      await pause(forMs);
      await restarted(server, "SIGTERM", 0);
    },
    async "database restarted"({ forMs }) {
      const { port } = postgres;
      await postgres.stop();
      await pause(forMs);
      postgres = await startPostgres({ dataDir, port, database: "fermata" });
    },
    async "database connections reset"() {
      await query(
        postgres.url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()",
      );
    },
    "store resets connections": ({ forMs }) =>
      whileStore(forMs, (_, count) => (count % 2 === 0 ? "reset" : null)),
    "store loses answers": ({ forMs }) =>
      whileStore(forMs, ({ method }) => (method === "GET" ? null : "lose-answer")),
    // What is there can be read.
    "store full": ({ forMs }) =>
      whileStore(forMs, ({ method }) => (method === "PUT" || method === "POST" ? "error" : null)),
    "store hangs": ({ forMs }) => whileStore(forMs, (_, count) => (count === 1 ? "hang" : null)),
  };

  return {
    urls: [`http://${host}:${ports[0]}`, `http://${host}:${ports[1]}`],
    admin: { email, password },
    suffer: (fault) => sufferings[fault.kind](fault),
    sql: (statement) => query(postgres.url, statement),
    storedKeys: () => store.keys(),
    multiparts,
    async close() {
      await Promise.all(servers.map((server) => server.stop()));
      await postgres.stop();
      await proxy.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
