import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startThrowawayPostgres } from "@fermata/embedded/testing";
import { applyMigrations } from "@fermata/migrations";
import { afterEach, expect, test } from "vitest";
import type { CronRegistry } from "../../context";
import { openDatabase } from "../../ground/db";
import type { Logger } from "../../ports/logger";
import { type CronServer, composeCronServer } from "../../testing/cron-server";
import { silentLog } from "../../testing/silent-log";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../../testing/test-context";
import { type CronJobs, cronJobs } from "../registry";

const migrationsDir = fileURLToPath(new URL("../../../../../prisma/migrations", import.meta.url));
const open: { dispose(): Promise<void> }[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.dispose();
});

async function openServices(): Promise<TestServices> {
  const services = await createTestServices();
  open.push(services);
  return services;
}

async function start(server: CronServer): Promise<void> {
  open.push({ dispose: () => server.stop() });
  await server.start();
}

function jobsOf(declare: (crons: CronJobs) => void): CronRegistry {
  const crons = cronJobs();
  declare(crons);
  return crons;
}

test("a run by hand goes through the engine and back into the ledger", async () => {
  const services = await openServices();
  const contexts: string[] = [];
  const composed = composeCronServer(
    services,
    jobsOf((crons) =>
      crons.daily(
        "count",
        {},
        { description: "", run: async (ctx) => ({ job: contexts.push(ctx.job) }) },
      ),
    ),
  );
  await start(composed);
  const { crons } = await callerFor(composed.services, await createTestUser(services, "admin"));
  const { runId } = await crons.trigger({ name: "count" });
  await expect
    .poll(async () => (await crons.runs({ name: "count" })).items)
    .toMatchObject([{ runId, status: "succeeded", trigger: "manual", result: { job: 1 } }]);
  expect(contexts).toEqual(["count"]);
});

test("a failing job fails once: it is not tried again", async () => {
  const services = await openServices();
  let calls = 0;
  const run = async () => {
    calls++;
    throw new Error("no luck");
  };
  const composed = composeCronServer(
    services,
    jobsOf((crons) => crons.daily("fail", {}, { description: "", run })),
  );
  await start(composed);
  const { crons } = await callerFor(composed.services, await createTestUser(services, "admin"));
  await crons.trigger({ name: "fail" });
  await expect
    .poll(async () => (await crons.runs({ name: "fail" })).items[0])
    .toMatchObject({ status: "failed", error: "no luck" });
  await sleep(300);
  expect(calls).toBe(1);
});

test("a server that stops ends its runs as failed, and the runner stops at once", async () => {
  const services = await openServices();
  const composed = composeCronServer(
    services,
    jobsOf((crons) => {
      const run = () => new Promise<never>(() => {});
      crons.daily("endless", {}, { description: "", run });
    }),
  );
  await start(composed);
  await composed.inngest.send({ name: "fermata/cron.endless", data: {} });
  await expect.poll(() => services.db.cronRun.count()).toBe(1);
  composed.stopping.abort();
  await composed.runner.stop();
  expect(await services.db.cronRun.findMany()).toMatchObject([
    { status: "failed", error: "The server stopped." },
  ]);
});

test("answers 401 to what is not signed, or signed with another key", async () => {
  const services = await openServices();
  const logged: [level: string, message: string][] = [];
  const log: Logger = {
    ...silentLog,
    warn: (_facts, message) => logged.push(["warn", message]),
    error: (_facts, message) => logged.push(["error", message]),
  };
  let calls = 0;
  const run = async () => ++calls;
  const { handler } = composeCronServer(
    { ...services, log },
    jobsOf((crons) => crons.daily("secret", {}, { description: "", run })),
  );
  const url = "http://fermata.test/api/inngest?fnId=fermata-secret&stepId=step";
  const body = JSON.stringify({ event: { name: "fermata/cron.secret", data: {} }, ctx: {} });
  const attempts: Record<string, string>[] = [
    {},
    { "x-inngest-signature": "" },
    { "x-inngest-signature": `t=${Math.floor(Date.now() / 1000)}&s=${"0".repeat(64)}` },
    { "x-inngest-server-kind": "dev" },
  ];
  for (const headers of attempts) {
    for (const method of ["POST", "PUT", "GET"]) {
      const init = { method, headers: { host: "fermata.test", ...headers } };
      const response = await handler(new Request(url, method === "GET" ? init : { ...init, body }));
      expect(response.status, `${method} ${JSON.stringify(headers)}`).toBe(401);
    }
  }
  expect(calls).toBe(0);
  // A stranger who knocks all day leaves one line a minute.
  expect(logged).toEqual([["warn", expect.stringContaining("refused a call")]]);
});

test("a job without what it needs is no function of the app", async () => {
  const services = await openServices();
  const job = { description: "", run: async () => null };
  const composed = composeCronServer(
    services,
    jobsOf((crons) => {
      crons.daily("able", {}, job);
      crons.daily("unable", {}, { ...job, disabledReason: () => "Set it." });
    }),
  );
  await start(composed);
  const names = composed.inngest.funcs.map((fn) => fn.id());
  expect(names).toEqual(["able", "cron-ticker", "process-media"]);
});

test("invoked from an engine's own dashboard, a job runs by hand and stands in the ledger", async () => {
  const services = await openServices();
  const composed = composeCronServer(
    services,
    jobsOf((crons) => crons.daily("by hand", {}, { description: "", run: async () => "done" })),
  );
  await start(composed);
  await composed.inngest.send({ name: "fermata/cron.by-hand", data: {} });
  await expect
    .poll(() => services.db.cronRun.findMany())
    .toMatchObject([{ job: "by hand", trigger: "manual", status: "succeeded", result: "done" }]);
});

test("two processes on one database run each slot of a one-second interval once, and one takes over", async () => {
  const services = await openServices();
  const ran: string[] = [];
  const processOf = async (process: string) => {
    const run = async () => {
      ran.push(process);
    };
    const composed = composeCronServer(
      services,
      jobsOf((crons) => crons.interval("tick", { seconds: 1 }, { description: "", run })),
    );
    await start(composed);
    return composed;
  };
  const first = await processOf("first");
  await expect.poll(() => ran.length, { timeout: 10_000 }).toBeGreaterThan(0);
  const second = await processOf("second");
  await sleep(3500);
  expect(new Set(ran)).toEqual(new Set(["first"]));
  await first.runner.stop();
  // Long enough for the slots of the takeover to count as missed.
  const runsOfSecond = () => ran.filter((process) => process === "second").length;
  await expect.poll(runsOfSecond, { timeout: 20_000 }).toBeGreaterThan(7);
  await second.runner.stop();

  const rows = await services.db.cronRun.findMany({ orderBy: { slot: "asc" } });
  const gaps = rows.slice(1).map((row, i) => row.slot.getTime() - (rows[i]?.slot.getTime() ?? 0));
  expect(new Set(gaps)).toEqual(new Set([1000]));
  expect(rows.filter(({ status }) => status === "succeeded")).toHaveLength(ran.length);
  for (const row of rows) expect(row.slot.getTime() % 1000).toBe(0);
});

test("after a downtime the newest slot of every job runs late, once, and the others are skipped", async () => {
  const services = await openServices();
  let calls = 0;
  const crons = jobsOf((declared) => {
    const job = { description: "", run: async () => ++calls };
    declared.hourly("hourly", {}, job);
    declared.hourly("never ran", {}, job);
  });
  const hour = Math.floor(services.clock.now().getTime() / 3_600_000) * 3_600_000;
  const slot = new Date(hour - 3 * 3_600_000);
  await services.db.cronRun.create({
    data: {
      id: "before",
      job: "hourly",
      slot,
      trigger: "schedule",
      status: "succeeded",
      startedAt: slot,
      finishedAt: slot,
      leaseExpiresAt: slot,
    },
  });
  await start(composeCronServer(services, crons));
  await expect
    .poll(() => services.db.cronRun.findMany({ orderBy: { slot: "asc" } }))
    .toMatchObject([
      { job: "hourly", status: "succeeded" },
      { job: "hourly", status: "skipped" },
      { job: "hourly", status: "skipped" },
      { job: "hourly", status: "succeeded", slot: new Date(hour) },
    ]);
  expect(calls).toBe(1);
});

test("PostgreSQL may be killed: the schedule goes on when it is back, and the gap is written down", async () => {
  const services = await openServices();
  const postgres = await startThrowawayPostgres();
  open.push({ dispose: () => postgres.remove() });
  await applyMigrations({ url: postgres.url, migrationsDir });
  const database = openDatabase({ url: postgres.url, log: services.log });
  open.push({ dispose: () => database.close() });
  const onItsOwn = { ...services, db: database.db, pool: database.pool };
  const composed = composeCronServer(
    onItsOwn,
    jobsOf((crons) =>
      crons.interval("tick", { seconds: 1 }, { description: "", run: async () => null }),
    ),
  );
  await start(composed);
  const succeeded = () => database.db.cronRun.count({ where: { status: "succeeded" } });
  await expect.poll(succeeded, { timeout: 10_000 }).toBeGreaterThan(1);
  await postgres.kill9();
  // Slots that come a few seconds late still run.
  await sleep(8000);
  await postgres.start();
  const before = await succeeded();
  // A slot counts as missed once it is five seconds old.
  await expect.poll(succeeded, { timeout: 20_000 }).toBeGreaterThan(before + 7);

  const rows = await database.db.cronRun.findMany({ orderBy: { slot: "asc" } });
  const gaps = rows.slice(1).map((row, i) => row.slot.getTime() - (rows[i]?.slot.getTime() ?? 0));
  expect(new Set(gaps)).toEqual(new Set([1000]));
  expect(rows.some(({ status }) => status === "skipped")).toBe(true);
});
