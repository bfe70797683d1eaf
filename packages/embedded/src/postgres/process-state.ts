import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** Names one process for good: a process id alone is used again after a while. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in the kernel's own unit; empty where the system does not tell. */
  startedAt: string;
}

interface ProcessState {
  state: "running" | "zombie" | "gone";
  /** The command line; empty where the system does not tell. */
  command: string;
  /** Where it runs; undefined where the system does not tell. */
  workingDir?: string | undefined;
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: readStartTime(pid) };
}

export function identifyThisProcess(): ProcessIdentity {
  return identify(process.pid);
}

/** False for a process that ended, is a zombie, or merely inherited the process id. */
export function isStillRunning(identity: ProcessIdentity): boolean {
  return (
    readProcessState(identity.pid).state === "running" &&
    readStartTime(identity.pid) === identity.startedAt
  );
}

export function readProcessState(pid: number): ProcessState {
  if (!isSignalable(pid)) return { state: "gone", command: "" };
  if (process.platform === "linux") {
    const stat = readProc(pid, "stat");
    if (!stat) return { state: "gone", command: "" };
    const command = readProc(pid, "cmdline").replaceAll("\0", " ");
    return {
      state: isDeadState(statFields(stat)[0]) ? "zombie" : "running",
      command,
      workingDir: readWorkingDir(pid),
    };
  }
  if (process.platform === "win32") return { state: "running", command: "" };
  const ps = spawnSync("ps", ["-o", "state=,command=", "-p", String(pid)], {
    encoding: "utf8",
  });
  const [, state, command] = /^(\S+)\s+(.*)/.exec(ps.stdout?.trim() ?? "") ?? [];
  return {
    state: isDeadState(state?.[0]) ? "zombie" : "running",
    command: command ?? "",
  };
}

function isSignalable(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isDeadState(state: string | undefined): boolean {
  return state === "Z" || state === "X";
}

function readStartTime(pid: number): string {
  return process.platform === "linux" ? (statFields(readProc(pid, "stat"))[19] ?? "") : "";
}

/** The fields of /proc/<pid>/stat from the third on; the second, a name, may hold spaces. */
function statFields(stat: string): string[] {
  return stat
    .slice(stat.lastIndexOf(")") + 1)
    .trim()
    .split(" ");
}

/** Not told of other users' processes without a special right, which root in a container lacks. */
function readWorkingDir(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function readProc(pid: number, file: "stat" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
