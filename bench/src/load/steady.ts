// A server among so many users for so long: `load-steady --users 200 --minutes 10`. Each user has a connection of its own and
// does something every few seconds. The server's own metrics say how it fares.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startFermata } from "../files/fermata-server";
import { median, table } from "../statistics";
import { type Answered, Caller } from "./caller";
import { byMinute, readFigures, type ServerFigures, slope } from "./server-figures";
import { type Ask, SteadyUser } from "./steady-user";

const { values } = parseArgs({
  options: { users: { type: "string" }, minutes: { type: "string" } },
});
const users = Number(values.users ?? 200);
const lastsMs = Number(values.minutes ?? 10) * 60_000;
/** Nobody holds more than one user's allowance. */
const usersOfAnAccount = 10;
const metricsToken = "known-to-this-bench-alone";
const lookEveryMs = 10_000;
/** Between two things that one user does. */
const thinkMs = () => 1500 + Math.random() * 3000;

class NoAnswer extends Error {}

const dir = await mkdtemp(join(tmpdir(), "fermata-load-"));
const server = await startFermata(join(dir, "fermata"), { FERMATA_METRICS_TOKEN: metricsToken });
const tokens = await server.accounts(Math.ceil(users / usersOfAnAccount));
const tookMs = new Map<string, number[]>();
const errors = new Map<string, number>();
let refused = 0;

/** Whoever is refused comes back when it was told to. */
const ask: Ask = async (what, send) => {
  for (;;) {
    const answered: Answered = await send();
    if (answered.status === 200) {
      tookMs.set(what, [...(tookMs.get(what) ?? []), answered.tookMs]);
      return answered;
    }
    if (answered.status === 503 && answered.retryAfterSeconds !== null) {
      refused++;
      await sleep(answered.retryAfterSeconds * 1000);
      continue;
    }
    const name = `${what}: ${answered.status} ${answered.body.toString().slice(0, 200)}`;
    errors.set(name, (errors.get(name) ?? 0) + 1);
    throw new NoAnswer(name);
  }
};

const sinceMs = performance.now();
const isOver = () => performance.now() - sinceMs > lastsMs;
const callers: Caller[] = [];
const open = (token: string) => {
  const caller = new Caller(server.url, token);
  callers.push(caller);
  return caller;
};

async function live(index: number): Promise<void> {
  const user = new SteadyUser(open(tokens[index % tokens.length] ?? ""), ask, open);
  await sleep(Math.random() * 5_000);
  while (!isOver()) {
    await user.act().catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
    });
    await sleep(thinkMs());
  }
}

async function watch(): Promise<ServerFigures[]> {
  const looks: ServerFigures[] = [];
  while (!isOver()) {
    await sleep(lookEveryMs);
    looks.push(await readFigures(server.url, metricsToken, sinceMs));
  }
  return looks;
}

const [looks] = await Promise.all([
  watch(),
  ...Array.from({ length: users }, (_, index) => live(index)),
]);
for (const caller of callers) caller.close();
await server.stop();
await rm(dir, { recursive: true, force: true });

const all = [...tookMs.values()].flat();
const percentile = (of: number[], share: number) =>
  [...of].sort((a, b) => a - b)[Math.floor(of.length * share)] ?? Number.NaN;
/** What a process grows by until its caches are full is no slope. */
const settled = looks.filter(({ atSeconds }) => atSeconds * 1000 > lastsMs * 0.6);
const failures = [...errors.values()].reduce((sum, count) => sum + count, 0);
console.log(
  table(
    [
      "users",
      "minutes",
      "answered",
      "a second",
      "errors",
      "refused",
      "p50 / p99, ms",
      "loop lag p50 / p99 / longest p99, ms",
      "RSS at the end, MiB",
      "RSS slope, MiB a minute",
      "of the heap",
      "of the rest",
    ],
    [
      [
        String(users),
        (lastsMs / 60_000).toFixed(0),
        all.length.toLocaleString("en-US"),
        (all.length / (lastsMs / 1000)).toFixed(0),
        String(failures),
        String(refused),
        `${percentile(all, 0.5).toFixed(0)} / ${percentile(all, 0.99).toFixed(0)}`,
        `${median(looks.map((look) => look.lagP50Ms)).toFixed(0)} / ${median(looks.map((look) => look.lagP99Ms)).toFixed(0)} / ${Math.max(...looks.map((look) => look.lagP99Ms)).toFixed(0)}`,
        looks.at(-1)?.residentMiB.toFixed(0) ?? "",
        slope(settled, "residentMiB").toFixed(2),
        slope(settled, "heapMiB").toFixed(2),
        slope(settled, "besideHeapMiB").toFixed(2),
      ],
    ],
  ),
);
console.log(`\n${byMinute(looks)}\n`);
console.log(
  table(
    ["what", "times", "p50 / p99, ms"],
    [...tookMs].map(([what, of]) => [
      what,
      of.length.toLocaleString("en-US"),
      `${percentile(of, 0.5).toFixed(0)} / ${percentile(of, 0.99).toFixed(0)}`,
    ]),
  ),
);
for (const [name, count] of errors) console.log(`${count} times ${name}`);
process.exit(failures === 0 ? 0 : 1);
