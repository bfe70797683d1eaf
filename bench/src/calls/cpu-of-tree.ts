import { readdir, readFile } from "node:fs/promises";

/** What each thread has used so far, in milliseconds, by its id. */
type ThreadTimes = Map<string, number>;

/** Of a process and all that it started, to the microsecond: a call takes few of the hundredths that processes are counted in. */
export async function cpuOfTree(root: number): Promise<ThreadTimes> {
  const children = await childrenByParent();
  const times: ThreadTimes = new Map();
  const waiting = [String(root)];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    waiting.push(...(children.get(pid) ?? []));
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const told = await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8").catch(() => "");
      times.set(thread, Number(told.split(" ")[0]) / 1e6);
    }
  }
  return times;
}

/** Without what threads used that have ended meanwhile. */
export function spentMs(before: ThreadTimes, after: ThreadTimes): number {
  let sum = 0;
  for (const [thread, ms] of after) sum += ms - (before.get(thread) ?? 0);
  return sum;
}

/** The child of this process whose command has such a word in it. */
export async function childPid(word: string): Promise<number> {
  for (const pid of (await childrenByParent()).get(String(process.pid)) ?? []) {
    if ((await readFile(`/proc/${pid}/cmdline`, "utf8")).includes(word)) return Number(pid);
  }
  throw new Error(`no ${word} was started here`);
}

async function childrenByParent(): Promise<Map<string, string[]>> {
  const children = new Map<string, string[]>();
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    // One that ends meanwhile is nobody's.
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const [, parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}
