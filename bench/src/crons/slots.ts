// How late the slots of a 1-second and a 30-second interval begin on the embedded runner, and how many are missed.
import { setTimeout as sleep } from "node:timers/promises";
import { cronJobs } from "../../../packages/server/src/crons/registry";
import { composeCronServer } from "../../../packages/server/src/testing/cron-server";
import { table } from "../statistics";
import { openBenchServices } from "./bench-services";
import { percentile } from "./percentile";

const minutes = Number(process.argv[2] ?? 5);
const intervals = { "1 s": 1, "30 s": 30 };
const services = await openBenchServices();
const crons = cronJobs();
for (const [name, seconds] of Object.entries(intervals))
  crons.interval(name, { seconds }, { description: "", run: async () => null });
const server = composeCronServer(services, crons);

try {
  await server.start();
  // The ticker begins with the election.
  while ((await services.db.cronRun.count({ where: { job: "1 s" } })) < 3) await sleep(500);
  const from = new Date();
  await sleep(minutes * 60_000);
  const until = new Date();
  await sleep(6000);

  const rows = await Promise.all(
    Object.entries(intervals).map(async ([name, seconds]) => {
      const runs = await services.db.cronRun.findMany({
        where: { job: name, slot: { gt: from, lte: until } },
      });
      const everyMs = seconds * 1000;
      const due = Math.floor(until.getTime() / everyMs) - Math.floor(from.getTime() / everyMs);
      const succeeded = runs.filter(({ status }) => status === "succeeded");
      const lagMs = succeeded.map(({ slot, startedAt }) => startedAt.getTime() - slot.getTime());
      const misses = due - succeeded.length;
      return [
        name,
        ...[due, percentile(lagMs, 50), percentile(lagMs, 99), Math.max(...lagMs), misses],
      ].map(String);
    }),
  );
  console.log(`\n${minutes} minutes on the embedded runner\n`);
  console.log(
    table(
      ["interval", "slots", "lag p50, ms", "lag p99, ms", "most, ms", "missed (target 0)"],
      rows,
    ),
  );
} finally {
  await server.stop();
  await services.dispose();
}
