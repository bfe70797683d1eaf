import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Linux counts CPU in hundredths of a second. */
const tickMs = 10;

async function readStat(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The command's name may hold spaces; what follows its bracket does not.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** What a process has used so far, of all its threads. */
export async function cpuMs(pid: number): Promise<number> {
  const fields = await readStat(pid);
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** What PostgreSQL has used so far: its first process, and all that it started, those that ended as well. */
export async function postgresCpuMs(pid: number | null): Promise<number> {
  if (pid === null) return 0;
  const ticksOf = (fields: string[], ...indexes: number[]) =>
    indexes.reduce((sum, index) => sum + Number(fields[index]), 0);
  let ticks = ticksOf(await readStat(pid), 11, 12, 13, 14);
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fields = await readStat(Number(name)).catch(() => null);
    if (fields?.[1] === String(pid)) ticks += ticksOf(fields, 11, 12);
  }
  return ticks * tickMs;
}

/** Resident memory. */
export async function residentKib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

export async function postmasterPid(dataDir: string): Promise<number> {
  const [first] = (await readFile(join(dataDir, "postmaster.pid"), "utf8")).split("\n");
  return Number(first);
}
