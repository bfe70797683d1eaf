import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { BenchRefusal } from "./bench-refusal";
import type { Failure, FromBench, ToBench } from "./messages";
import { type ReadRange, type TaskName, tasks } from "./tasks";
import { startWatchdog } from "./watchdog";

/** A process of the workbench. It gets bytes and gives facts; it has no secret, no database and no store. */

const [limitBytes, niceness] = process.argv.slice(2).map(Number);
const reads = new Map<number, (bytes: Uint8Array | null) => void>();
let lastReadId = 0;

const say = (message: FromBench) => process.send?.(message);

const readRange: ReadRange = (start, end) =>
  new Promise((resolve, reject) => {
    const readId = ++lastReadId;
    reads.set(readId, (bytes) => (bytes ? resolve(bytes) : reject(new Error("it was not read"))));
    say({ kind: "read", readId, start, end });
  });

async function run(name: TaskName, input: unknown): Promise<void> {
  // What comes over the channel is what the typed side put in.
  const task = tasks[name] as (input: unknown, read: ReadRange) => Promise<unknown>;
  try {
    const value = await task(input, readRange);
    say({ kind: "done", value, rssBytes: process.memoryUsage.rss() });
  } catch (error) {
    say({ kind: "failed", failure: failureOf(error), rssBytes: process.memoryUsage.rss() });
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof BenchRefusal) return { code: error.code, details: error.details };
  return { code: null, text: error instanceof Error ? (error.stack ?? error.message) : "?" };
}

process.on("message", (message: ToBench) => {
  if (message.kind === "run") void run(message.name, message.input);
  else {
    reads.get(message.readId)?.(message.bytes);
    reads.delete(message.readId);
  }
});
process.on("disconnect", () => process.exit(0));
// Who ends the server with Ctrl-C ends its whole group; the server ends this when its work is done.
process.on("SIGINT", () => {});

startWatchdog({ limitBytes: limitBytes ?? Number.POSITIVE_INFINITY });
if (niceness) setPriority(niceness);
say({ kind: "ready" });
try {
  // Where a machine runs out of memory, this goes before the server and the database do.
  writeFileSync("/proc/self/oom_score_adj", "1000");
} catch {
  // Only Linux knows it.
}
