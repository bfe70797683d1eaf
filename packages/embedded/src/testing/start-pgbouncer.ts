import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chooseUser } from "../postgres/run-as";
import { freePort } from "./free-port";

export interface PgBouncer {
  /** The same database, through the pooler. */
  url: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;

/** Debian's PgBouncer in transaction mode before the database at `url`. What it holds for one session is the next one's. */
export async function startPgBouncer(
  url: string,
  options: { poolSize?: number } = {},
): Promise<PgBouncer> {
  const target = new URL(url);
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "fermata-pgbouncer-"));
  chmodSync(dir, 0o755);
  const password = target.password && ` password='${decodeURIComponent(target.password)}'`;
  const config = join(dir, "pgbouncer.ini");
  writeFileSync(
    config,
    `[databases]
* = host=${target.hostname} port=${target.port || 5432} user=${decodeURIComponent(target.username)}${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${options.poolSize ?? 5}
max_client_conn = 500
`,
  );
  const child = spawn("pgbouncer", [config], {
    // It refuses to run as root.
    ...chooseUser(join(dir, "nobody's")),
    cwd: dir,
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  await waitUntilOpen(port, child, () => log);
  const own = new URL(url);
  own.port = String(port);
  own.password = "";
  return {
    url: own.toString(),
    async stop() {
      if (child.exitCode === null) {
        child.kill("SIGINT");
        await Promise.race([once(child, "exit"), sleep(2_000, undefined, { ref: false })]);
        child.kill("SIGKILL");
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function waitUntilOpen(port: number, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
      once(child, "error").then(([error]) => {
        throw error;
      }),
    ]);
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`PgBouncer did not start: ${log()}`);
}
