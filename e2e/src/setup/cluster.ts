import { rm } from "node:fs/promises";
import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type EmbeddedPostgres, startPostgres } from "@fermata/embedded/postgres";
import { makeDataDir } from "./data-dir";
import { type RunningServer, startSelfHosted } from "./start-server";
import type { Target } from "./targets";

/** Two server processes on one database, behind a balancer that gives each request to the other one than the last. */
export interface Cluster {
  target: Target;
  servers: [Target, Target];
  /** Ends PostgreSQL, as a failing machine would take it along, and starts it again after `downMs`. */
  restartPostgres(downMs: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const dir = await makeDataDir();
  const dataDir = join(dir, "postgres");
  let postgres: EmbeddedPostgres = await startPostgres({ dataDir, database: "fermata" });
  const env = { DATABASE_URL: postgres.url };
  // The first one migrates the database and makes the admin.
  const first = await startSelfHosted(join(dir, "first"), undefined, env);
  const second = await startSelfHosted(join(dir, "second"), undefined, env);
  const balancer = await startBalancer([first, second]);
  return {
    target: { ...first.target, name: "two processes", baseUrl: balancer.origin },
    servers: [first.target, second.target],
    async restartPostgres(downMs) {
      const { port } = postgres;
      await postgres.stop();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      postgres = await startPostgres({ dataDir, port, database: "fermata" });
    },
    async stop() {
      await balancer.close();
      await Promise.all([first.stop(), second.stop()]);
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startBalancer(servers: RunningServer[]) {
  let turn = 0;
  const server = createServer((request, response) => {
    const { hostname, port } = new URL(servers[turn++ % servers.length]?.target.baseUrl ?? "");
    const { method, url: path, headers } = request;
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
