import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { composeCronServer } from "../testing/cron-server";
import { purgeJobs } from "../testing/purging-server";
import { createTestServices, createTestUser, type TestServices } from "../testing/test-context";
import { slotAt } from "./next-slots";

const script = fileURLToPath(new URL("../testing/purging-server.ts", import.meta.url));
const open: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function fillRoom(services: TestServices, old: number, young: number): Promise<void> {
  const { id: ownerId } = await createTestUser(services);
  const now = services.clock.now();
  const expiresAt = new Date(now.getTime() + 86_400_000);
  const inviteTokenHash = Buffer.from("invite");
  const room = { id: "room", ownerId, capacity: 2, epoch: "e", inviteTokenHash };
  await services.db.room.create({ data: { ...room, createdAt: now, expiresAt } });
  await services.pool.query(
    `INSERT INTO "Message" ("roomId", "seq", "fromPeerId", "kind", "payload", "sentAt")
     SELECT 'room', n, 'peer', 'text', '1', $1::timestamptz - CASE WHEN n <= $2 THEN interval '2 hours' + n * interval '1 millisecond' ELSE interval '1 minute' END
     FROM generate_series(1, $2::int + $3::int) AS n`,
    [now, old, young],
  );
}

test("kill -9 in the middle of a purge: what was deleted stays so, the run is lost, and the next one goes on", async () => {
  const services = await createTestServices();
  open.push(() => services.dispose());
  await fillRoom(services, 20_000, 10);
  const count = () => services.db.message.count();
  const server = composeCronServer(
    services,
    purgeJobs(async () => {}),
  );
  const [job] = server.services.crons.jobs;
  if (!job) throw new Error("no job");
  const slot = slotAt(job.schedule, services.clock.now());

  const url = services.pool.options.connectionString ?? "";
  const victim = spawn(process.execPath, ["--import", "tsx", script, url, slot.toISOString()], {
    // Where `tsx` is found, whatever folder the tests were started from.
    cwd: dirname(script),
    stdio: ["ignore", "pipe", "inherit"],
  });
  open.push(() => victim.kill("SIGKILL"));
  const exited = once(victim, "exit");
  let batches = 0;
  for await (const line of createInterface({ input: victim.stdout })) {
    if (line === "batch" && ++batches === 3) victim.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  const left = await count();
  expect(left).toBeGreaterThan(10);
  expect(left).toBeLessThanOrEqual(20_010 - 1500);

  // Another process takes over what the dead one had before it. The slot has been claimed: it is not run again, and the
  // engine's run goes on until the lease says that the job is dead.
  open.push(() => server.stop());
  await server.start();
  const openRuns = async () =>
    (await services.pool.query("SELECT FROM fermata_runner.run WHERE ended_at IS NULL")).rowCount;
  expect(await openRuns()).toBe(1);
  await sleep(2000);
  expect(await openRuns()).toBe(1);
  const runs = () => services.db.cronRun.findMany({ orderBy: { slot: "asc" } });
  expect(await runs()).toMatchObject([{ slot, status: "running" }]);
  expect(await count()).toBe(left);

  // The lease is over before the next slot, which purges the rest.
  services.clock.advance(61);
  const next = new Date(slot.getTime() + 3_600_000).toISOString();
  await server.inngest.send({ name: "fermata/cron.purge", data: { slot: next } });
  await expect.poll(runs, { timeout: 20_000 }).toMatchObject([
    { slot, status: "lost" },
    { status: "succeeded", result: { deleted: left - 10 } },
  ]);
  expect(await count()).toBe(10);
  await expect.poll(openRuns, { timeout: 20_000 }).toBe(0);
}, 120_000);
