import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import type { CronRegistry, RunFailure, Services } from "../../context";
import { inTransaction } from "../../ground/in-transaction";
import { fromPg, fromPrisma } from "../../ground/transaction";
import type { Notification } from "../../ports/notifier";
import { composeCronServer } from "../../testing/cron-server";
import { createTestServices, type TestServices } from "../../testing/test-context";
import { type CronJobs, cronJobs, defineJob } from "../registry";
import { cancelJob } from "./cancel-job";
import { enqueueJob } from "./enqueue-job";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openServices(): Promise<TestServices> {
  const services = await createTestServices();
  open.push(() => services.dispose());
  return services;
}

function jobsOf(declare: (crons: CronJobs) => void): CronRegistry {
  const crons = cronJobs();
  declare(crons);
  return crons;
}

async function startServer(services: TestServices, crons: CronRegistry) {
  const server = composeCronServer(services, crons);
  open.push(() => server.stop());
  await server.start();
  return server;
}

const enqueue = (ctx: Services, job: object, input?: unknown, options?: { runAt?: Date }) =>
  enqueueJob(ctx, fromPg(ctx.pool), job, input, options);

const rowsOf = ({ db }: Services) => db.queuedJob.findMany({ orderBy: { createdAt: "asc" } });

test("a job runs once its transaction is committed, with what it was given, and never when it is rolled back", async () => {
  const services = await openServices();
  const got: string[] = [];
  const greet = defineJob({
    description: "",
    input: z.object({ name: z.string() }),
    run: async (_ctx, { name }) => ({ greeted: got.push(name) }),
  });
  const { services: ctx } = await startServer(
    services,
    jobsOf((crons) => crons.onDemand("greet", greet)),
  );
  await inTransaction(ctx.pool, async (tx) => {
    await enqueueJob(ctx, fromPg(tx), greet, { name: "Maja" });
    await sleep(300);
    expect(got).toEqual([]);
  });
  await expect.poll(() => got, { timeout: 10_000 }).toEqual(["Maja"]);
  await expect(
    ctx.db.$transaction(async (tx) => {
      await enqueueJob(ctx, fromPrisma(tx), "greet", { name: "nobody" });
      throw new Error("changed my mind");
    }),
  ).rejects.toThrow("changed my mind");
  await ctx.db.$transaction((tx) => enqueueJob(ctx, fromPrisma(tx), "greet", { name: "Ilse" }));
  await expect.poll(() => got, { timeout: 10_000 }).toEqual(["Maja", "Ilse"]);
  await expect
    .poll(() => rowsOf(ctx), { timeout: 10_000 })
    .toMatchObject([
      { job: "greet", status: "succeeded", input: { name: "Maja" }, result: { greeted: 1 } },
      { job: "greet", status: "succeeded", input: { name: "Ilse" }, result: { greeted: 2 } },
    ]);
});

test("what does not fit is refused before anything is written", async () => {
  const services = await openServices();
  const job = defineJob({
    description: "",
    input: z.object({ n: z.number() }),
    run: async () => 1,
  });
  const { services: ctx } = await startServer(
    services,
    jobsOf((crons) => crons.onDemand("count", job)),
  );
  const refusals: [object | string, unknown, Date?][] = [
    [job, { n: "one" }],
    [job, { n: 1 }, new Date("2999-01-01T00:00:00Z")],
    ["unknown", {}],
  ];
  for (const [which, input, runAt] of refusals)
    await expect(
      enqueueJob(ctx, fromPg(ctx.pool), which, input, runAt && { runAt }),
    ).rejects.toThrow();
  expect(await rowsOf(ctx)).toEqual([]);
});

test("a job waits for its time, and can be taken back until then", async () => {
  const services = await openServices();
  const ran: number[] = [];
  const job = defineJob({ description: "", run: async () => ran.push(Date.now()) });
  const { services: ctx } = await startServer(
    services,
    jobsOf((crons) => crons.onDemand("later", job)),
  );
  const runAt = new Date(Date.now() + 1500);
  const { jobId } = await enqueue(ctx, job, undefined, { runAt });
  const { jobId: unwanted } = await enqueue(ctx, job, undefined, { runAt });
  expect(await cancelJob(ctx, fromPg(ctx.pool), unwanted)).toEqual({ cancelled: true });
  await expect.poll(() => ran, { timeout: 5000 }).toHaveLength(1);
  expect((ran[0] ?? 0) - runAt.getTime()).toBeGreaterThanOrEqual(-1000);
  await sleep(300);
  expect(ran).toHaveLength(1);
  expect(await cancelJob(ctx, fromPg(ctx.pool), jobId)).toEqual({ cancelled: false });
  expect((await rowsOf(ctx)).map(({ status }) => status).sort()).toEqual([
    "cancelled",
    "succeeded",
  ]);
});

test("steps that are through are not done again, over a failure, a sleep and a restart", async () => {
  const services = await openServices();
  const did: string[] = [];
  const failures: RunFailure[] = [];
  const job = defineJob({
    description: "",
    retries: 1,
    onFailure: async (_services, failure) => {
      failures.push(failure);
    },
    run: async ({ step, attempt }) => {
      const first = await step.run("first", () => did.push("first"));
      await step.run("second", () => {
        did.push(`second ${attempt}`);
        if (attempt === 1) throw new Error("not yet");
      });
      await step.sleep("a while", 30);
      return step.run("third", () => ({ first, third: did.push("third") }));
    },
  });
  const crons = jobsOf((jobs) => jobs.onDemand("steps", job));
  const server = await startServer(services, crons);
  const { jobId } = await enqueue(server.services, job);
  await expect
    .poll(() => rowsOf(services), { timeout: 10_000 })
    .toMatchObject([{ status: "queued", attempt: 2, error: "not yet" }]);
  await server.stop();
  services.clock.advance(11);
  const next = await startServer(services, crons);
  await expect.poll(() => did, { timeout: 10_000 }).toEqual(["first", "second 1", "second 2"]);
  await expect
    .poll(async () => (await services.db.cronStep.findMany({ where: { runId: jobId } })).length)
    .toBe(3);
  services.clock.advance(31);
  await next.engine.look();
  await expect
    .poll(() => rowsOf(services), { timeout: 20_000 })
    .toMatchObject([{ status: "succeeded", result: { first: 1, third: 4 }, error: null }]);
  expect(
    await services.db.cronStep.findMany({ where: { runId: jobId }, orderBy: { position: "asc" } }),
  ).toMatchObject([
    { name: "first", finishedAt: expect.any(Date), output: 1 },
    { name: "second", finishedAt: expect.any(Date), attempt: 2 },
    { name: "a while", finishedAt: expect.any(Date), wakeAt: expect.any(Date) },
    { name: "third", finishedAt: expect.any(Date) },
  ]);
  expect(failures).toEqual([]);
});

test("a job that goes on failing is told of once, when its attempts are spent", async () => {
  const services = await openServices();
  const failures: RunFailure[] = [];
  const job = defineJob({
    description: "",
    onFailure: async (_services, failure) => {
      failures.push(failure);
    },
    run: async () => {
      throw new Error("no luck");
    },
  });
  const { services: ctx } = await startServer(
    services,
    jobsOf((crons) => crons.onDemand("fail", job)),
  );
  const { jobId } = await enqueue(ctx, job);
  await expect
    .poll(() => failures, { timeout: 10_000 })
    .toEqual([{ runId: jobId, attempt: 1, error: "no luck" }]);
  expect(await rowsOf(ctx)).toMatchObject([{ status: "failed", error: "no luck" }]);
});

test("a scheduled job has steps and attempts, too, and stands once in the ledger", async () => {
  const services = await openServices();
  const did: string[] = [];
  const server = await startServer(
    services,
    jobsOf((crons) =>
      crons.daily(
        "nightly",
        {},
        {
          description: "",
          retries: 2,
          run: async ({ step, attempt }) => {
            await step.run("once", () => did.push("once"));
            if (attempt === 1) throw new Error("not yet");
            return { attempt };
          },
        },
      ),
    ),
  );
  await server.inngest.send({ name: "fermata/cron.nightly", data: {} });
  await expect
    .poll(() => services.db.cronRun.findMany(), { timeout: 10_000 })
    .toMatchObject([{ status: "running", attempt: 2, resumeAt: expect.any(Date) }]);
  services.clock.advance(11);
  await expect
    .poll(() => services.db.cronRun.findMany(), { timeout: 20_000 })
    .toMatchObject([{ status: "succeeded", result: { attempt: 2 } }]);
  expect(did).toEqual(["once"]);
});

test("a thousand jobs and a restart in the middle: each runs exactly once", async () => {
  const services = await openServices();
  const ran = new Map<string, number>();
  const job = defineJob({
    description: "",
    input: z.object({ n: z.number() }),
    run: async (_ctx, { n }) => {
      ran.set(String(n), (ran.get(String(n)) ?? 0) + 1);
    },
  });
  const crons = jobsOf((jobs) => jobs.onDemand("one of many", job));
  const first = await startServer(services, crons);
  await inTransaction(services.pool, async (tx) => {
    for (let n = 0; n < 1000; n++) await enqueueJob(first.services, fromPg(tx), job, { n });
  });
  await expect.poll(() => ran.size, { timeout: 20_000 }).toBeGreaterThan(50);
  await first.stop();
  const before = ran.size;
  expect(before).toBeLessThan(1000);
  await startServer(services, crons);
  await expect.poll(() => ran.size, { timeout: 60_000 }).toBe(1000);
  expect([...ran.values()].every((count) => count === 1)).toBe(true);
  await expect
    .poll(() => services.db.queuedJob.count({ where: { status: "succeeded" } }), {
      timeout: 20_000,
    })
    .toBe(1000);
}, 120_000);

test("a job begins within moments of its commit", async () => {
  const services = await openServices();
  const lags: number[] = [];
  let committedAt = 0;
  const job = defineJob({
    description: "",
    run: async () => lags.push(performance.now() - committedAt),
  });
  const { services: ctx } = await startServer(
    services,
    jobsOf((crons) => crons.onDemand("quick", job)),
  );
  for (let i = 0; i < 40; i++) {
    await inTransaction(ctx.pool, (tx) => enqueueJob(ctx, fromPg(tx), job));
    committedAt = performance.now();
    await expect.poll(() => lags.length, { interval: 5 }).toBe(i + 1);
  }
  const sorted = lags.toSorted((a, b) => a - b);
  expect(sorted[20]).toBeLessThanOrEqual(100);
});

test("of a series of failures the first one is told, and the next series again", async () => {
  const services = await openServices();
  const told: Notification[] = [];
  const notifier = {
    name: "test",
    notify: async (message: Notification) => void told.push(message),
  };
  const job = defineJob({
    description: "",
    run: async () => {
      throw new Error("no ink");
    },
  });
  const { services: ctx } = await startServer(
    { ...services, notifier },
    jobsOf((crons) => crons.onDemand("print", job)),
  );
  const failed = () => ctx.db.queuedJob.count({ where: { status: "failed" } });
  for (let i = 1; i <= 3; i++) {
    await enqueue(ctx, job);
    await expect.poll(failed, { timeout: 10_000 }).toBe(i);
  }
  await expect.poll(() => told).toMatchObject([{ kind: "job.failing", title: '"print" failed' }]);
  expect(told[0]?.text).toContain("no ink");
  await ctx.db.queuedJob.updateMany({ data: { finishedAt: new Date(Date.now() - 2 * 3_600_000) } });
  await enqueue(ctx, job);
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(2);
});
