import { Worker } from "node:worker_threads";

const lookEveryMs = 50;

/**
 * Ends this process when it holds more than `limitBytes`, or when whoever started it is gone. It looks from a thread of its
 * own, since the bytes at work may keep every other from its turn. In words, not in a file: it is found wherever this runs.
 */
export function startWatchdog({ limitBytes }: { limitBytes: number }): void {
  const parentPid = process.ppid;
  new Worker(
    `const { workerData: { limitBytes, parentPid, lookEveryMs } } = require("node:worker_threads");
    setInterval(() => {
      if (process.memoryUsage.rss() > limitBytes || process.ppid !== parentPid)
        process.kill(process.pid, "SIGKILL");
    }, lookEveryMs);`,
    { eval: true, workerData: { limitBytes, parentPid, lookEveryMs } },
  ).unref();
}
