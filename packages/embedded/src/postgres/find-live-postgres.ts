import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { EmbeddedPostgresError } from "./embedded-postgres-error";
import { passwordFile, readPassword } from "./password";
import { postgresUrl } from "./postgres-url";
import { readProcessState } from "./process-state";

export interface Postmaster {
  pid: number;
  port: number | undefined;
  /** What its process is now; `foreign` is another program that got the same process id. */
  state: "running" | "zombie" | "foreign" | "gone";
  /** Whether it was told to end: it lets nobody in any more. */
  isEnding: boolean;
}

/** Reads who holds (or held) the cluster, from its postmaster.pid. */
export function readPostmaster(clusterDir: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(clusterDir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const pid = Number.parseInt(lines[0] ?? "", 10);
  if (!(pid > 0)) return undefined;
  const port = Number.parseInt(lines[3] ?? "", 10);
  const { state, command, workingDir } = readProcessState(pid);
  // PostgreSQL's processes work in the directory of their cluster.
  const isForeign = workingDir
    ? !isSameDir(workingDir, clusterDir)
    : command !== "" && !command.includes("postgres");
  return {
    pid,
    port: port > 0 ? port : undefined,
    state: state === "running" && isForeign ? "foreign" : state,
    isEnding: lines[7]?.trim() === "stopping",
  };
}

/**
 * The port of a running server that serves this very cluster, or undefined. An open port alone proves nothing.
 * @throws EmbeddedPostgresError PASSWORD_WRONG
 */
export async function findLivePort(clusterDir: string): Promise<number | undefined> {
  const postmaster = readPostmaster(clusterDir);
  if (postmaster?.state !== "running" || postmaster.port === undefined) return undefined;
  const { pid, port } = postmaster;
  return (await isServedAt(port, clusterDir, pid)) ? port : undefined;
}

/**
 * Whether the server on that port serves this very cluster, whatever its postmaster.pid says.
 * @param pid its process, where that is known
 * @throws EmbeddedPostgresError PASSWORD_WRONG
 */
export async function isServedAt(port: number, clusterDir: string, pid?: number): Promise<boolean> {
  const client = new Client({
    connectionString: postgresUrl(port, "postgres", readPassword(clusterDir)),
    connectionTimeoutMillis: 5_000,
  });
  // A server that goes away now would otherwise end this process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    const served = rows[0]?.data_directory;
    return served !== undefined && isSameDir(served, clusterDir);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // What the client says itself, without a code, when it is asked for a password and has none.
    const isRefused = code === "28P01" || /password must be a string/.test(message);
    if (isRefused && pid !== undefined) throw wrongPassword(clusterDir, pid);
    // Out of connections: it is alive, and its postmaster.pid has to be proof enough.
    return code === "53300" && pid !== undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function wrongPassword(clusterDir: string, pid: number): EmbeddedPostgresError {
  const file = passwordFile(clusterDir);
  return new EmbeddedPostgresError(
    "PASSWORD_WRONG",
    `The PostgreSQL of ${clusterDir} runs, and does not take the password that ${file} names.
Put that file back as it was; or delete it, end process ${pid} and start again: the database then gets a new password. Nothing was changed.`,
  );
}

function isSameDir(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
