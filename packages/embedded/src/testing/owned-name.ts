import { randomBytes } from "node:crypto";
import { identifyThisProcess, isStillRunning } from "../postgres/process-state";

/** A name for a file or a database from which can be told later whether the process that made it still runs. */
export function makeOwnedName(prefix: string): string {
  const { pid, startedAt } = identifyThisProcess();
  return `${prefix}_${pid}_${startedAt}_${randomBytes(4).toString("hex")}`;
}

/** False for names of another kind, too. */
export function isLeftover(prefix: string, name: string): boolean {
  const owner = parseOwner(prefix, name);
  return owner !== undefined && !isStillRunning(owner);
}

function parseOwner(prefix: string, name: string) {
  if (!name.startsWith(`${prefix}_`)) return undefined;
  const match = /^(\d+)_(\d*)_[0-9a-f]{8}$/.exec(name.slice(prefix.length + 1));
  return match ? { pid: Number(match[1]), startedAt: match[2] ?? "" } : undefined;
}
