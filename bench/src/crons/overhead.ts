// What a run costs beside the verb it calls, and what the runner costs while nothing is due.
import { setTimeout as sleep } from "node:timers/promises";
import { runJob } from "../../../packages/server/src/crons/engine/run-job";
import { cronJobs } from "../../../packages/server/src/crons/registry";
import { composeCronServer } from "../../../packages/server/src/testing/cron-server";
import { jobContext } from "../../../packages/server/src/testing/test-context";
import { median, spread, table } from "../statistics";
import { openBenchServices } from "./bench-services";

const rounds = Number(process.argv[2] ?? 7);
const idleSeconds = Number(process.argv[3] ?? 60);
const runsPerRound = 100;

const services = await openBenchServices();
const crons = cronJobs();
const run = async () => null;
for (let i = 0; i < 200; i++) {
  // At times that do not come while this runs.
  const hourUTC = (new Date().getUTCHours() + 2 + (i % 20)) % 24;
  crons.daily(`job ${i}`, { hourUTC, minuteUTC: i % 60 }, { description: "", run });
}
const server = composeCronServer(services, crons);
const [job] = crons.jobs;
if (!job) throw new Error("no job");

let ended = () => {};
/** Tells when the handler has answered: then the run stands in the ledger as ended. */
async function handler(request: Request): Promise<Response> {
  const response = await server.handler(request);
  if (request.method === "POST") ended();
  return response;
}

const ways = {
  "the verb": async () => void (await job.run(jobContext(services))),
  "with the ledger": async () => void (await runJob(services, job, { manual: true })),
  "with the ledger and the embedded runner": async () => {
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    await server.inngest.send({ name: `fermata/cron.${job.slug}`, data: {} });
    await end;
  },
};
type Way = keyof typeof ways;
const names = Object.keys(ways) as Way[];

async function timeRuns(way: Way): Promise<number> {
  const startedAt = performance.now();
  for (let i = 0; i < runsPerRound; i++) await ways[way]();
  return (performance.now() - startedAt) / runsPerRound;
}

async function cpuPercent(seconds: number): Promise<number> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / (performance.now() - startedAt);
}

try {
  const idleWithout = await cpuPercent(idleSeconds / 2);
  await server.runner.start({ handler, pool: services.pool });
  const perRunMs = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Way,
    number[]
  >;
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const ms = await timeRuns(name);
      if (round >= 0) perRunMs[name].push(ms);
    }
  }
  await sleep(3000);
  const idleWith = await cpuPercent(idleSeconds);

  console.log(
    `\nA job that does nothing, ${rounds} rounds of ${runsPerRound} runs, interleaved: median (least to most)\n`,
  );
  console.log(
    table(
      ["", "a run, ms", "beyond the verb, ms"],
      names.map((name) => {
        const beyond = perRunMs[name].map((ms, i) => ms - (perRunMs["the verb"][i] ?? 0));
        return [name, spread(perRunMs[name], 3), name === "the verb" ? "" : spread(beyond, 3)];
      }),
    ),
  );
  console.log(
    `\nidle CPU of the process over ${idleSeconds} s: ${idleWith.toFixed(2)} % of one core with the runner and 200 jobs, ${idleWithout.toFixed(2)} % without the runner; median overhead of a run: ${median(perRunMs["with the ledger and the embedded runner"]).toFixed(1)} ms`,
  );
} finally {
  await server.stop();
  await services.dispose();
}
