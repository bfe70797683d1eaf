import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { identifyThisProcess, isStillRunning, type ProcessIdentity } from "./process-state";

interface LockHolder extends ProcessIdentity {
  token: string;
}

const POLL_MS = 20;
/** A lock file is written at once after it is made; one unreadable for longer was left by a crash. */
const UNREADABLE_IS_STALE_MS = 5_000;

/**
 * Runs `work` while no other process (or other caller in this one) runs under the same path.
 * A holder that was killed does not block: its lock is broken as soon as its process is gone.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const holder = JSON.stringify({
    ...identifyThisProcess(),
    token: randomUUID(),
  });
  while (!createExclusive(path, holder)) {
    if (isStale(path)) breakLock(path);
    else await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if (readIfThere(path) === holder) rmSync(path, { force: true });
  }
}

function createExclusive(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Windows answers EPERM while another process is deleting the file.
    if (code === "EEXIST" || (code === "EPERM" && process.platform === "win32")) return false;
    throw error;
  }
}

function isStale(path: string): boolean {
  const content = readIfThere(path);
  if (content === undefined) return false;
  try {
    return !isStillRunning(JSON.parse(content) as LockHolder);
  } catch {
    return ageMs(path) > UNREADABLE_IS_STALE_MS;
  }
}

/** Only one process may break a lock, and only after a second look: else it could delete a fresh one. */
function breakLock(path: string): void {
  const guard = `${path}.break`;
  if (!createExclusive(guard, "")) {
    if (ageMs(guard) > UNREADABLE_IS_STALE_MS) rmSync(guard, { force: true });
    return;
  }
  try {
    if (isStale(path)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
