import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresBinaries } from "./binaries";
import { findFreePort, isPortFree, readRememberedPort, rememberPort } from "./choose-port";
import { damagedCluster, EmbeddedPostgresError } from "./embedded-postgres-error";
import { findLivePort, isServedAt, readPostmaster } from "./find-live-postgres";
import type { ClusterLocation } from "./locate-cluster";
import { run } from "./run-as";

const START_TIMEOUT_SECONDS = 120;
const POLL_MS = 100;
/** How long a killed server's own processes may keep its port and its shared memory. */
const AFTERMATH_MS = 4_000;
/** How long a postmaster.pid that names no process is given to name one. */
const EMPTY_IS_LEFT_MS = 3_000;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

const DEFAULT_SETTINGS: Record<string, string> = {
  max_connections: "200",
  timezone: "UTC",
  log_timezone: "UTC",
};

export interface StartServerOptions {
  /** Only this port, or PORT_TAKEN; by default the one used last, else any free one. */
  port?: number | undefined;
  settings?: Record<string, string> | undefined;
}

/** Starts the server of an existing cluster, or adopts the one that serves it. Call it under the cluster's lock. */
export async function startServer(
  location: ClusterLocation,
  binaries: PostgresBinaries,
  options: StartServerOptions,
): Promise<{ port: number; adopted: boolean }> {
  const startedAt = Date.now();
  const isAftermath = () => Date.now() - startedAt < AFTERMATH_MS;
  let hadPostmaster = false;
  while (Date.now() - startedAt < START_TIMEOUT_SECONDS * 1_000) {
    const livePort = await findLivePort(location.dir);
    if (livePort !== undefined) return { port: livePort, adopted: true };

    const postmaster = readPostmaster(location.dir);
    hadPostmaster ||= postmaster !== undefined;
    // Its postmaster.pid was lost or written over: it still has the cluster, until it notices.
    if (!postmaster || postmaster.state === "foreign") {
      const known = options.port ?? readRememberedPort(`${location.dir}.port`);
      if (known !== undefined && (await isServedAt(known, location.dir)))
        return { port: known, adopted: true };
    }
    // It is starting, recovering or stopping: in a moment it can be adopted or is gone.
    if (postmaster?.state === "running") {
      await sleep(POLL_MS);
      continue;
    }
    // PostgreSQL takes both for a living server. A dead one's backends are still noticed, by the shared memory they hold.
    if (postmaster?.state === "zombie" || postmaster?.state === "foreign") {
      rmSync(join(location.dir, "postmaster.pid"), { force: true });
    }

    // PostgreSQL fills it at once; what stays empty was left by a crash or a full disk, and would refuse every start.
    const pidFile = join(location.dir, "postmaster.pid");
    const isNameless = !postmaster && existsSync(pidFile);
    if (isNameless && !isLeftEmpty(pidFile)) {
      await sleep(POLL_MS);
      continue;
    }
    if (isNameless) rmSync(pidFile, { force: true });

    const port = await choosePort(location.dir, options.port, hadPostmaster && isAftermath());
    if (port !== undefined) {
      const result = await launch(location, binaries, port, options.settings ?? {});
      if (result.isStarted) {
        rememberPort(`${location.dir}.port`, port);
        return { port, adopted: false };
      }
      if (!isWorthRetrying(result.log, isAftermath())) {
        throw new EmbeddedPostgresError(
          "START_FAILED",
          `PostgreSQL did not start at ${location.dir} (log: ${location.dir}.log):\n${result.log}${remedyOf(result.log, location.dir)}`,
        );
      }
    }
    await sleep(POLL_MS);
  }
  throw new EmbeddedPostgresError(
    "START_FAILED",
    `The PostgreSQL of ${location.dir} did not answer within ${START_TIMEOUT_SECONDS} s (log: ${location.dir}.log).`,
  );
}

/** `undefined`: try again soon, since the port of a server that was just killed is about to be free. */
async function choosePort(
  dir: string,
  wanted: number | undefined,
  isAftermath: boolean,
): Promise<number | undefined> {
  const port = wanted ?? readRememberedPort(`${dir}.port`);
  if (port !== undefined && (await isPortFree(port))) return port;
  if (port !== undefined && isAftermath) return undefined;
  if (wanted === undefined) return findFreePort();
  throw new EmbeddedPostgresError("PORT_TAKEN", `Port ${wanted} is used by another program.`);
}

async function launch(
  { dir, user }: ClusterLocation,
  binaries: PostgresBinaries,
  port: number,
  settings: Record<string, string>,
): Promise<{ isStarted: boolean; log: string }> {
  const logFile = `${dir}.log`;
  limitLog(logFile);
  const log = openSync(logFile, "a", 0o600);
  try {
    const startBytes = fstatSync(log).size;
    const args = ["-D", dir, "-w", "-t", String(START_TIMEOUT_SECONDS), "-s"];
    const options = serverOptions({
      ...DEFAULT_SETTINGS,
      ...settings,
      port: String(port),
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
    });
    const { status } = await run(binaries.pgCtl, [...args, "-o", options, "start"], {
      user,
      outputFd: log,
    });
    const written = readFileSync(logFile).subarray(startBytes).toString().trim();
    return { isStarted: status === 0, log: written.slice(-4_000) };
  } finally {
    closeSync(log);
  }
}

/** Of files that are gone or cut short PostgreSQL names the first, and not what to do. */
function remedyOf(log: string, dir: string): string {
  const isDamaged = /PANIC: |could not (read|open) (file|directory)|invalid checkpoint/.test(log);
  return isDamaged ? `\n${damagedCluster(dir)}` : "";
}

function isWorthRetrying(log: string, isAftermath: boolean): boolean {
  // The port was lost to another program, or the cluster to a server that a killed starter had just launched.
  if (/Address already in use|could not bind|lock file .* already exists/i.test(log)) return true;
  // Backends that outlived their killed server leave within moments.
  return isAftermath && /shared memory block/i.test(log);
}

function isLeftEmpty(pidFile: string): boolean {
  const stats = statSync(pidFile, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > EMPTY_IS_LEFT_MS;
}

function limitLog(logFile: string): void {
  const sizeBytes = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.old`);
}

/** pg_ctl hands these to a shell. */
function serverOptions(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      if (!/^[a-z_.]+$/i.test(name)) throw new TypeError(`not a PostgreSQL setting: ${name}`);
      return `-c ${quote(`${name}=${value}`)}`;
    })
    .join(" ");
}

function quote(text: string): string {
  return process.platform === "win32" ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`;
}
