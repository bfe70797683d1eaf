// How much memory the self-hosted server takes for a hundred uploads of 5 MiB at the same time.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spread, table } from "../statistics";
import { startFermata } from "./fermata-server";
import { post } from "./post";

const rounds = Number(process.argv[2] ?? 5);
const uploads = 100;
const MIB = 1024 * 1024;
const body = randomBytes(5 * MIB);
const headers = { "content-type": "application/octet-stream" };

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const fermata = await startFermata(join(dir, "fermata"));

/** What the kernel says the process holds in memory, in MiB. */
function residentMib(): number {
  const status = readFileSync(`/proc/${fermata.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** All at once, each on a connection of its own. @returns memory before, and at its most */
async function measure(count: number): Promise<{ beforeMib: number; mostMib: number }> {
  const urls = await fermata.grant(count);
  await sleep(1000);
  const beforeMib = residentMib();
  let mostMib = beforeMib;
  const watch = setInterval(() => {
    mostMib = Math.max(mostMib, residentMib());
  }, 10);
  const agent = new Agent({ maxSockets: count });
  await Promise.all(urls.map((url) => post({ url, headers, body }, agent)));
  clearInterval(watch);
  return { beforeMib, mostMib: Math.max(mostMib, residentMib()) };
}

const results: { beforeMib: number; mostMib: number }[] = [];
try {
  // What the code itself takes when it first runs is no part of it.
  for (let warmUp = 0; warmUp < 3; warmUp++) await measure(10);
  for (let round = 0; round < rounds; round++) results.push(await measure(uploads));
} finally {
  await fermata.stop();
  await rm(dir, { recursive: true, force: true });
}

console.log(`\n${uploads} uploads of 5 MiB at once, ${rounds} rounds: median (least to most)\n`);
console.log(
  table(
    ["resident before, MiB", "at most, MiB", "growth, MiB"],
    [
      [
        spread(results.map(({ beforeMib }) => beforeMib)),
        spread(results.map(({ mostMib }) => mostMib)),
        spread(results.map(({ beforeMib, mostMib }) => mostMib - beforeMib)),
      ],
    ],
  ),
);
const first = results[0];
console.log(
  `\nin the first round: ${((first?.mostMib ?? Number.NaN) - (first?.beforeMib ?? 0)).toFixed(0)} MiB; all rounds together: ${(Math.max(...results.map(({ mostMib }) => mostMib)) - (first?.beforeMib ?? 0)).toFixed(0)} MiB (target 64)`,
);
