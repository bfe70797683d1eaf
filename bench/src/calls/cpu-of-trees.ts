import { readdirSync, readFileSync } from "node:fs";

/** What each thread has used so far, in milliseconds, by its id. */
type ThreadTimes = Map<string, number>;

/**
 * Of each of these processes and all that it started, to the microsecond: a call takes few of the hundredths that processes
 * are counted in. In one go, since what is counted runs on meanwhile.
 */
export function cpuOfTrees(roots: number[]): ThreadTimes[] {
  const children = childrenByParent();
  return roots.map((root) => {
    const times: ThreadTimes = new Map();
    const waiting = [String(root)];
    for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
      waiting.push(...(children.get(pid) ?? []));
      for (const thread of unlessEnded(() => readdirSync(`/proc/${pid}/task`)) ?? []) {
        const told = unlessEnded(() =>
          readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"),
        );
        if (told) times.set(thread, Number(told.split(" ")[0]) / 1e6);
      }
    }
    return times;
  });
}

/** Without what threads used that have ended meanwhile. */
export function spentMs(before: ThreadTimes, after: ThreadTimes): number {
  let sum = 0;
  for (const [thread, ms] of after) sum += ms - (before.get(thread) ?? 0);
  return sum;
}

/** The child of this process whose command has such a word in it. */
export function childPid(word: string): number {
  for (const pid of childrenByParent().get(String(process.pid)) ?? []) {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word)) return Number(pid);
  }
  throw new Error(`no ${word} was started here`);
}

function childrenByParent(): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = unlessEnded(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    // The command's name may hold spaces; what follows its bracket does not.
    const [, parent] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
    if (parent) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

/** A process that ends while it is looked at has nothing to tell. */
function unlessEnded<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
