import { existsSync, rmSync, writeFileSync } from "node:fs";

/** Says that whoever ended the server meant it: PostgreSQL's own files look the same after a start that failed. */
const markOf = (clusterDir: string) => `${clusterDir}.stopped`;

export function markStopped(clusterDir: string): void {
  writeFileSync(markOf(clusterDir), "", { mode: 0o600 });
}

export function isMarkedStopped(clusterDir: string): boolean {
  return existsSync(markOf(clusterDir));
}

export function unmarkStopped(clusterDir: string): void {
  rmSync(markOf(clusterDir), { force: true });
}
