import { spawn } from "node:child_process";
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { dirname, parse } from "node:path";

/** The user a PostgreSQL process runs as; `undefined` means the current one. */
export interface UnixUser {
  uid: number;
  gid: number;
}

interface RunResult {
  status: number | null;
  output: string;
}

const NOBODY: UnixUser = { uid: 65534, gid: 65534 };
/** initdb insists on a user with a name, and a process can only be given an id below 2^31. */
const UNPRIVILEGED_NAMES = ["nobody", "daemon"];
const MAX_UID = 2 ** 31 - 1;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** PostgreSQL refuses to run as root: an existing cluster's owner does, else an unprivileged user. */
export function chooseUser(clusterDir: string): UnixUser | undefined {
  if (!isRoot()) return undefined;
  const owner = lstatSync(clusterDir, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : findUnprivilegedUser();
}

function findUnprivilegedUser(): UnixUser {
  const users = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8") : "";
  for (const name of UNPRIVILEGED_NAMES) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m").exec(users) ?? [];
    const user = { uid: Number(uid), gid: Number(gid) };
    if (user.uid > 0 && user.uid <= MAX_UID && user.gid <= MAX_UID) return user;
  }
  return NOBODY;
}

/** The directories on the way to `path` (itself left out) that `user` may not enter, outermost first. */
export function blockingAncestors(path: string, user: UnixUser): string[] {
  const blocked: string[] = [];
  const { root } = parse(path);
  for (let dir = path; dir !== root; ) {
    dir = dirname(dir);
    const stats = statSync(dir, { throwIfNoEntry: false });
    if (!stats) continue;
    const bit = stats.uid === user.uid ? 0o100 : stats.gid === user.gid ? 0o010 : 0o001;
    if ((stats.mode & bit) === 0) blocked.unshift(dir);
  }
  return blocked;
}

/** Runs a program to its end. With `outputFd` its output goes there, also that of what it leaves running. */
export function run(
  program: string,
  args: string[],
  options: { user: UnixUser | undefined; outputFd?: number },
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const out = options.outputFd ?? "pipe";
    const child = spawn(program, args, {
      ...options.user,
      // The current directory may be one that the unprivileged user cannot enter.
      cwd: parse(process.cwd()).root,
      env: cleanEnvironment(),
      stdio: ["ignore", out, out],
      windowsHide: true,
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output: output.trim() }));
  });
}

/** Without the caller's PGPORT, PGDATA and the like, and with messages in English, which we read. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = { ...process.env };
  for (const name of Object.keys(kept)) {
    if (/^(PG|LC_|LANG)/.test(name)) delete kept[name];
  }
  return { ...kept, LC_ALL: "C" };
}
