import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { inTransaction } from "../../ground/in-transaction";
import { fromPg } from "../../ground/transaction";
import { composeCronServer } from "../../testing/cron-server";
import { deliveryJobs } from "../../testing/queue-server";
import { createTestServices } from "../../testing/test-context";
import { enqueueJob } from "./enqueue-job";

const JOBS = 1000;
const script = fileURLToPath(new URL("../../testing/queue-server.ts", import.meta.url));
const open: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

test("kill -9 in the middle of a thousand jobs that were asked for: each has done its work exactly once", async () => {
  const services = await createTestServices();
  open.push(() => services.dispose());
  const { pool, db, clock } = services;
  await pool.query("CREATE TABLE delivered (n integer)");
  const { crons, deliver } = deliveryJobs(async () => {});
  const server = composeCronServer(services, crons);
  await inTransaction(pool, async (client) => {
    for (let n = 0; n < JOBS; n++)
      await enqueueJob(server.services, fromPg(client), deliver, { n });
  });

  const url = pool.options.connectionString ?? "";
  const victim = spawn(process.execPath, ["--import", "tsx", script, url], {
    // Where `tsx` is found, whatever folder the tests were started from.
    cwd: dirname(script),
    stdio: ["ignore", "pipe", "inherit"],
  });
  open.push(() => victim.kill("SIGKILL"));
  const exited = once(victim, "exit");
  let delivered = 0;
  for await (const line of createInterface({ input: victim.stdout }))
    if (line === "delivered" && ++delivered === 300) victim.kill("SIGKILL");
  expect(await exited).toEqual([null, "SIGKILL"]);
  const running = () => db.queuedJob.count({ where: { status: "running" } });
  const cutOff = await running();
  expect(cutOff).toBeGreaterThan(0);
  expect(await db.queuedJob.count({ where: { status: "queued" } })).toBeGreaterThan(500);

  open.push(() => server.stop());
  await server.start();
  const succeeded = () => db.queuedJob.count({ where: { status: "succeeded" } });
  await expect.poll(succeeded, { timeout: 90_000 }).toBe(JOBS - cutOff);
  // Those that the dead process had begun are taken for dead when their lease is over.
  expect(await running()).toBe(cutOff);
  clock.advance(61);
  await server.engine.look();
  await expect.poll(succeeded, { timeout: 60_000 }).toBe(JOBS);

  expect(await db.queuedJob.count({ where: { attempt: { gt: 1 } } })).toBe(cutOff);
  const { rows } = await pool.query(
    "SELECT count(*)::int AS rows, count(DISTINCT n)::int AS jobs FROM delivered",
  );
  expect(rows).toEqual([{ rows: JOBS, jobs: JOBS }]);
}, 240_000);
