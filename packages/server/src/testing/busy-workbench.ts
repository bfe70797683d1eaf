// A process whose workbench has begun what does not end. It prints the reader's id, and waits to be killed.
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { openWorkbench } from "../workbench/open-workbench";
import { flacWithoutFrame } from "./hostile-bytes";

const bytes = flacWithoutFrame();
let isRead = false;
const work = openWorkbench().readClipFacts(
  {
    sizeBytes: bytes.length,
    read: async (start, end) => {
      isRead = true;
      return bytes.subarray(start, end);
    },
  },
  { urgency: "background", whose: null },
);
while (!isRead) await sleep(20);
// By now it is in the loop from which it does not come back.
await sleep(1_000);
const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)]).toString();
const reader = children.split("\n").find((line) => line.includes("workbench-process"));
process.stdout.write(`${reader?.trim().split(/\s+/)[0]}\n`);
await work;
