// How long a job that is asked for waits from the commit to its start, and how many of them run in a minute.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { enqueueJob } from "../../../packages/server/src/crons/queue/enqueue-job";
import { cronJobs, defineJob } from "../../../packages/server/src/crons/registry";
import { inTransaction } from "../../../packages/server/src/ground/in-transaction";
import { fromPg } from "../../../packages/server/src/ground/transaction";
import { composeCronServer } from "../../../packages/server/src/testing/cron-server";
import { table } from "../statistics";
import { openBenchServices } from "./bench-services";
import { percentile } from "./percentile";

const single = Number(process.argv[2] ?? 500);
const many = Number(process.argv[3] ?? 1000);
const services = await openBenchServices();
const crons = cronJobs();
const began = new Map<number, number>();
const job = defineJob({
  description: "",
  input: z.object({ n: z.number() }),
  run: async (_ctx, { n }) => void began.set(n, performance.now()),
});
crons.onDemand("one-off", job);
const server = composeCronServer(services, crons);

/** @returns when it was committed */
async function ask(numbers: number[]): Promise<number> {
  await inTransaction(services.pool, async (client) => {
    for (const n of numbers) await enqueueJob(server.services, fromPg(client), job, { n });
  });
  return performance.now();
}

const succeeded = () => services.db.queuedJob.count({ where: { status: "succeeded" } });

try {
  await server.start();
  await ask([-1]);
  while ((await succeeded()) < 1) await sleep(50);

  const lagsMs: number[] = [];
  for (let n = 0; n < single; n++) {
    const committedAt = await ask([n]);
    while (!began.has(n)) await sleep(2);
    lagsMs.push((began.get(n) ?? 0) - committedAt);
    await sleep(20);
  }

  const before = await succeeded();
  const committedAt = await ask(Array.from({ length: many }, (_, i) => single + i));
  const cpu = process.cpuUsage();
  while ((await succeeded()) < before + many) await sleep(50);
  const seconds = (performance.now() - committedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);

  console.log(
    table(
      ["jobs", "lag p50, ms (target 50)", "lag p99, ms (target 250)", "most, ms"],
      [
        [single, percentile(lagsMs, 50), percentile(lagsMs, 99), Math.max(...lagsMs)].map((value) =>
          String(Math.round(value)),
        ),
      ],
    ),
  );
  console.log(
    table(
      ["jobs at once", "all through after, s (target 60)", "a minute", "CPU of the process, s"],
      [
        [
          String(many),
          seconds.toFixed(1),
          String(Math.round((many / seconds) * 60)),
          ((user + system) / 1e6).toFixed(1),
        ],
      ],
    ),
  );
} finally {
  await server.stop();
  await services.dispose();
}
