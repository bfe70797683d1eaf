import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identifyThisProcess, isStillRunning, type ProcessIdentity } from "./process-state";

/** Where the processes that keep a cluster's server alive are written down: one that waits for it has no session to be seen by. */
const dirOf = (clusterDir: string) => `${clusterDir}.keepers`;

/** @returns what strikes this process out again */
export function enterKeeper(clusterDir: string): () => void {
  const file = join(dirOf(clusterDir), randomUUID());
  mkdirSync(dirOf(clusterDir), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(identifyThisProcess()), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Whether a living process other than this one keeps the server. Those that were killed are struck out. */
export function hasOtherKeeper(clusterDir: string): boolean {
  let names: string[];
  try {
    names = readdirSync(dirOf(clusterDir));
  } catch {
    return false;
  }
  return names.some((name) => {
    const file = join(dirOf(clusterDir), name);
    const keeper = readKeeper(file);
    if (keeper && isStillRunning(keeper)) return keeper.pid !== process.pid;
    rmSync(file, { force: true });
    return false;
  });
}

function readKeeper(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return null;
  }
}
