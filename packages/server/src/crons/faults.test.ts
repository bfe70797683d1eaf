import { afterEach, expect, test } from "vitest";
import type { CronRegistry } from "../context";
import { fromPg } from "../ground/transaction";
import { accelerateTime } from "../testing/accelerated-time";
import { type CronServer, composeCronServer } from "../testing/cron-server";
import { createTestServices, type TestServices } from "../testing/test-context";
import { nextSlot } from "./next-slots";
import { enqueueJob } from "./queue/enqueue-job";
import { type CronJobs, cronJobs, defineJob } from "./registry";
import { triggerCronJob } from "./verbs/trigger-cron-job";

const open: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openServices(): Promise<TestServices> {
  const services = await createTestServices();
  open.push(() => services.dispose());
  return services;
}

/** A server process whose every run is noted. */
async function startServer(
  services: TestServices,
  ran: string[],
  declare: (crons: CronJobs, run: () => Promise<void>) => void,
): Promise<CronServer & { crons: CronRegistry }> {
  const crons = cronJobs();
  const run = async (ctx: { job: string }) => {
    ran.push(ctx.job);
  };
  declare(crons, run as () => Promise<void>);
  const server = composeCronServer(services, crons);
  open.push(() => server.stop());
  await server.start();
  return { ...server, crons };
}

function passTime(services: TestServices, longestStopMs?: number) {
  const time = accelerateTime(services, longestStopMs);
  open.push(() => time.stop());
  return time;
}

test("two servers on one database run every slot of ten minutes exactly once", async () => {
  const services = await openServices();
  const time = passTime(services);
  const ran: string[] = [];
  const declare = (crons: CronJobs, run: () => Promise<void>) => {
    const job = { description: "", run };
    crons.interval("five seconds", { seconds: 5 }, job);
    crons.interval("seven seconds", { seconds: 7 }, job);
    crons.interval("half a minute", { seconds: 30 }, job);
    crons.interval("minute", { minutes: 1 }, job);
    crons.interval("hundred seconds", { seconds: 100 }, job);
    crons.cron("every other minute", "*/2 * * * *", job);
  };
  const { crons } = await startServer(services, ran, declare);
  await startServer(services, ran, declare);
  // The first tick of the ticker comes with the election.
  await time.pass(10, () => ran.length > 0);
  const from = services.clock.now();
  await time.pass(600);
  const until = services.clock.now();
  await time.pass(5);

  for (const { name, schedule } of crons.jobs) {
    const due: string[] = [];
    for (let slot = nextSlot(schedule, from); slot <= until; slot = nextSlot(schedule, slot))
      due.push(slot.toISOString());
    const rows = await services.db.cronRun.findMany({
      where: { job: name, slot: { gt: from, lte: until } },
      orderBy: { slot: "asc" },
    });
    expect(due.length).toBeGreaterThanOrEqual(5);
    expect(
      rows.map(({ slot }) => slot.toISOString()),
      name,
    ).toEqual(due);
    expect(new Set(rows.map(({ status }) => status)), name).toEqual(new Set(["succeeded"]));
  }
  expect(await services.db.cronRun.count()).toBe(ran.length);
}, 240_000);

test("a clock that jumps an hour forward and back runs no slot twice, and goes on", async () => {
  const services = await openServices();
  // The runner needs time to pass before it sees that the clock was set.
  const time = passTime(services, 20);
  const ran: string[] = [];
  await startServer(services, ran, (crons, run) => {
    crons.interval("ten seconds", { seconds: 10 }, { description: "", run });
    crons.interval("minute", { minutes: 1 }, { description: "", run });
  });
  const ranOf = (job: string) => ran.filter((name) => name === job).length;
  await time.pass(90);
  const before = [ranOf("ten seconds"), ranOf("minute")] as const;
  expect(before[0]).toBeGreaterThanOrEqual(7);

  services.clock.advance(3600);
  await time.pass(150);
  const ahead = [ranOf("ten seconds"), ranOf("minute")] as const;
  expect(ahead[0] - before[0]).toBeGreaterThanOrEqual(6);
  expect(ahead[1] - before[1]).toBeGreaterThanOrEqual(2);
  const skipped = () => services.db.cronRun.count({ where: { status: "skipped" } });
  expect(await skipped()).toBeGreaterThan(50);

  // In an hour that was there before, what ran has run; what was left out comes late to nobody.
  services.clock.advance(-3600);
  await time.pass(60);
  services.clock.advance(3600);
  await time.pass(150);
  expect(ranOf("ten seconds") - ahead[0]).toBeGreaterThanOrEqual(6);

  const rows = await services.db.cronRun.findMany();
  expect(rows.filter(({ status }) => status === "succeeded")).toHaveLength(ran.length);
  expect(rows.filter(({ status }) => !["succeeded", "skipped"].includes(status))).toEqual([]);
}, 240_000);

test.each([
  ["ahead of", -3600],
  ["behind", 3600],
])(
  "where the machine's clock is an hour %s PostgreSQL's, all runs by PostgreSQL's",
  async (_where, databaseAheadSeconds) => {
    const services = await openServices();
    const time = passTime(services);
    services.clock.advance(databaseAheadSeconds);
    const ran: string[] = [];
    const note = defineJob({ description: "", run: async (ctx) => void ran.push(ctx.job) });
    const server = await startServer(services, ran, (crons, run) => {
      crons.interval("ten seconds", { seconds: 10 }, { description: "", run });
      crons.cron("minute", "* * * * *", { description: "", run });
      crons.daily("by hand", {}, { description: "", run });
      crons.onDemand("asked for", note);
    });
    await time.pass(5);
    const from = services.clock.now();
    const { runId } = await triggerCronJob(server.services, { name: "by hand" });
    await enqueueJob(server.services, fromPg(services.pool), note);
    const runAt = new Date(from.getTime() + 30_000);
    const { jobId } = await enqueueJob(server.services, fromPg(services.pool), note, null, {
      runAt,
    });
    await time.pass(125);

    const rows = await services.db.cronRun.findMany({ where: { slot: { gte: from } } });
    const lagsMs = rows.map(({ slot, startedAt }) => startedAt.getTime() - slot.getTime());
    expect(Math.min(...lagsMs)).toBeGreaterThanOrEqual(-1000);
    expect(Math.max(...lagsMs)).toBeLessThan(5000);
    const ranAs = (job: string) =>
      rows.filter((row) => row.job === job && row.status === "succeeded");
    expect(ranAs("ten seconds").length).toBeGreaterThanOrEqual(11);
    expect(ranAs("minute")).toHaveLength(2);
    expect(ranAs("by hand")).toMatchObject([{ id: runId }]);
    const asked = await services.db.queuedJob.findMany({ orderBy: { runAt: "asc" } });
    expect(asked).toMatchObject([{ status: "succeeded" }, { id: jobId, status: "succeeded" }]);
    const waitedMs = asked.map((job) => Number(job.startedAt) - job.runAt.getTime());
    expect(Math.min(...waitedMs)).toBeGreaterThanOrEqual(-1000);
    expect(Math.max(...waitedMs)).toBeLessThan(5000);
  },
  240_000,
);

test("two hundred jobs that are due in the same minute all run, once each", async () => {
  const services = await openServices();
  const time = passTime(services);
  const ran: string[] = [];
  await startServer(services, ran, (crons, run) => {
    for (let i = 0; i < 200; i++)
      crons.interval(`job ${i}`, { minutes: 1 }, { description: "", run });
  });
  await time.pass(125, () => ran.length >= 400);
  expect(ran.length).toBeGreaterThanOrEqual(400);
  const slots = await services.db.cronRun.groupBy({ by: ["slot"], _count: true });
  for (const { _count } of slots) expect(_count).toBe(200);
  // The job has run before its end is written down.
  await expect
    .poll(() => services.db.cronRun.count({ where: { status: "succeeded" } }))
    .toBe(ran.length);
}, 240_000);
