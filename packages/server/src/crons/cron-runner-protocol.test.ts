import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase } from "@fermata/embedded/testing";
import { type Inngest, type InngestFunction, NonRetriableError, RetryAfterError } from "inngest";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { startRunnerFunctions } from "../testing/runner-functions";

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function startFunctions(declare: (inngest: Inngest) => InngestFunction.Any[]) {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  // Dropping the database cuts what is still closing.
  pool.on("error", () => {});
  const started = await startRunnerFunctions(pool, declare);
  open.push(async () => {
    await started.runner.stop();
    await pool.end();
    await database.drop();
  });
  return started;
}

test("steps run once each, a sleep lies between them, and failed steps are tried again", async () => {
  const trail: string[] = [];
  const { inngest } = await startFunctions((client) => [
    client.createFunction(
      { id: "steps", retries: 2, triggers: [{ event: "test/steps" }] },
      async ({ step, attempt }) => {
        const one = await step.run("one", () => {
          trail.push("one");
          return { a: 1 };
        });
        await step.sleep("rest", "1s");
        const two = await step.run("two", () => {
          trail.push(`two, attempt ${attempt}`);
          if (attempt < 2) throw new Error("not yet");
          return one.a + 1;
        });
        trail.push(`end with ${two}`);
      },
    ),
  ]);
  const startedAt = Date.now();
  await inngest.send({ name: "test/steps", data: {} });
  await expect.poll(() => trail.at(-1), { timeout: 5000 }).toBe("end with 2");
  expect(trail).toEqual([
    "one",
    "two, attempt 0",
    "two, attempt 1",
    "two, attempt 2",
    "end with 2",
  ]);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1000);
});

test("parallel steps run together and the function is called once after them", async () => {
  let calls = 0;
  const trail: string[] = [];
  const { inngest } = await startFunctions((client) => [
    client.createFunction(
      { id: "parallel", triggers: [{ event: "test/parallel" }] },
      async ({ step }) => {
        calls++;
        const sum = await Promise.all(
          [1, 2, 3].map((n) =>
            step.run(`part ${n}`, async () => {
              await sleep(10);
              return n;
            }),
          ),
        );
        trail.push(await step.run("sum", () => `sum ${sum.join("+")}`));
      },
    ),
  ]);
  await inngest.send({ name: "test/parallel", data: {} });
  await expect.poll(() => trail).toEqual(["sum 1+2+3"]);
  // To find the steps, for each of the three, to run the sum, and to end.
  expect(calls).toBeLessThanOrEqual(6);
});

test("invokes other functions, waits for events, and takes an event's id once", async () => {
  const ends: unknown[] = [];
  const { inngest } = await startFunctions((client) => {
    const double = client.createFunction({ id: "double", triggers: [] }, async ({ event }) => ({
      doubled: Number(Object.values(event.data)[0]) * 2,
    }));
    const main = client.createFunction(
      { id: "main", triggers: [{ event: "test/main" }] },
      async ({ step }) => {
        const invoked = await step.invoke("double it", { function: double, data: { n: 21 } });
        const wait = { event: "test/answer", match: "data.room", timeout: "5s" };
        const answer = await step.waitForEvent("wait", wait);
        const silence = { event: "test/never", timeout: "1s" };
        ends.push([invoked, answer?.data, await step.waitForEvent("in vain", silence)]);
      },
    );
    return [double, main];
  });
  const ask = { name: "test/main", id: "only once", data: { room: "a" } };
  await inngest.send([ask, ask]);
  await inngest.send(ask);
  // The wait has begun once the invocation is through.
  await sleep(500);
  await inngest.send({ name: "test/answer", data: { room: "b" } });
  await inngest.send({ name: "test/answer", data: { room: "a" } });
  await expect
    .poll(() => ends, { timeout: 5000 })
    .toEqual([[{ doubled: 42 }, { room: "a" }, null]]);
});

test("obeys retry-after and no-retry, and calls onFailure at the end", async () => {
  const attempts: [string, number][] = [];
  const failures: string[] = [];
  const { inngest } = await startFunctions((client) => [
    client.createFunction(
      { id: "later", triggers: [{ event: "test/later" }] },
      async ({ attempt }) => {
        attempts.push(["later", Date.now()]);
        if (attempt === 0) throw new RetryAfterError("busy", 1000);
      },
    ),
    client.createFunction(
      {
        id: "never",
        triggers: [{ event: "test/never" }],
        onFailure: async ({ error }: { error: Error }) => {
          failures.push(error.message);
        },
      },
      async () => {
        attempts.push(["never", Date.now()]);
        throw new NonRetriableError("no use");
      },
    ),
  ]);
  await inngest.send([
    { name: "test/later", data: {} },
    { name: "test/never", data: {} },
  ]);
  await expect.poll(() => failures).toEqual(["no use"]);
  await expect.poll(() => attempts.length, { timeout: 5000 }).toBe(3);
  const later = attempts.flatMap(([name, at]) => (name === "later" ? [at] : []));
  expect((later[1] ?? 0) - (later[0] ?? 0)).toBeGreaterThanOrEqual(900);
});

test("a singleton that skips runs once at a time; events dated ahead come at their time", async () => {
  const starts: number[] = [];
  const { inngest } = await startFunctions((client) => [
    client.createFunction(
      { id: "alone", singleton: { mode: "skip" }, triggers: [{ event: "test/alone" }] },
      async () => {
        starts.push(Date.now());
        await sleep(200);
      },
    ),
  ]);
  const sentAt = Date.now();
  await inngest.send([
    { name: "test/alone", data: {} },
    { name: "test/alone", data: {} },
    { name: "test/alone", data: {}, ts: sentAt + 600 },
  ]);
  await expect.poll(() => starts.length, { timeout: 3000 }).toBe(2);
  expect((starts[1] ?? 0) - sentAt).toBeGreaterThanOrEqual(595);
});

test("stopping gives up what waits, within two seconds, and takes no more events", async () => {
  const trail: string[] = [];
  const { inngest, runner } = await startFunctions((client) => [
    client.createFunction({ id: "long", triggers: [{ event: "test/long" }] }, async ({ step }) => {
      await step.run("begin", () => trail.push("begun"));
      await step.sleep("long", "1h");
      trail.push("woken");
    }),
    client.createFunction({ id: "stuck", triggers: [{ event: "test/long" }] }, async () => {
      trail.push("stuck");
      await sleep(60_000, undefined, { ref: false });
    }),
  ]);
  await inngest.send({ name: "test/long", data: {} });
  await expect.poll(() => trail.length).toBe(2);
  const stoppedAt = Date.now();
  await runner.stop();
  expect(Date.now() - stoppedAt).toBeLessThan(4000);
  expect(trail).not.toContain("woken");
  await expect(inngest.send({ name: "test/long", data: {} })).rejects.toThrow(/not running/);
});

test("a limit of concurrency holds, and those beyond it wait in their order", async () => {
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const { inngest } = await startFunctions((client) => [
    client.createFunction(
      { id: "narrow", concurrency: 2, triggers: [{ event: "test/narrow" }] },
      async ({ event }) => {
        most = Math.max(most, ++running);
        await sleep(50);
        running--;
        order.push(event.data.n);
      },
    ),
  ]);
  const events = [1, 2, 3, 4, 5, 6].map((n) => ({ name: "test/narrow", data: { n } }));
  await inngest.send(events);
  await expect.poll(() => order.length, { timeout: 5000 }).toBe(6);
  expect(most).toBe(2);
  expect(order.slice(0, 2).sort()).toEqual([1, 2]);
});

test("a limit by key holds, keys take turns, and batches are of one key", async () => {
  const begun: string[] = [];
  let running = 0;
  let most = 0;
  const { inngest } = await startFunctions((client) => [
    client.createFunction(
      {
        id: "fair",
        concurrency: [{ limit: 3 }, { limit: 2, key: "event.data.user" }],
        batchEvents: { maxSize: 2, timeout: "1s", key: "event.data.user" },
        triggers: [{ event: "test/fair" }],
      },
      async ({ events }) => {
        const users = new Set(events.map((event: { data: { user: string } }) => event.data.user));
        expect(users.size).toBe(1);
        begun.push([...users].join());
        most = Math.max(most, ++running);
        await sleep(100);
        running--;
      },
    ),
  ]);
  const of = (user: string, count: number) =>
    Array.from({ length: count }, () => ({ name: "test/fair", data: { user } }));
  await inngest.send([...of("many", 20), ...of("few", 4)]);
  await expect.poll(() => begun.length, { timeout: 10_000 }).toBe(12);
  expect(most).toBe(3);
  expect(begun.slice(0, 3).sort()).toEqual(["few", "many", "many"]);
  expect(begun.lastIndexOf("few")).toBeLessThan(6);
});

test("a batch is one run: when it is full, or when its first event has waited for long enough", async () => {
  const batches: number[][] = [];
  const { inngest, pool } = await startFunctions((client) => [
    client.createFunction(
      {
        id: "batch",
        batchEvents: { maxSize: 3, timeout: "1s" },
        triggers: [{ event: "test/batch" }],
      },
      async ({ events }) => {
        batches.push(events.map((event: { data: { n: number } }) => event.data.n));
      },
    ),
  ]);
  const events = [1, 2, 3, 4].map((n) => ({ name: "test/batch", data: { n } }));
  await inngest.send(events);
  await expect.poll(() => batches).toEqual([[1, 2, 3]]);
  await expect.poll(() => batches, { timeout: 5000 }).toEqual([[1, 2, 3], [4]]);
  const openRuns = "SELECT id FROM fermata_runner.run WHERE ended_at IS NULL";
  await expect.poll(async () => (await pool.query(openRuns)).rowCount).toBe(0);
});

test("says at the start which options it ignores, with the function's name", async () => {
  const { warnings } = await startFunctions((client) => [
    client.createFunction(
      {
        id: "throttled",
        throttle: { limit: 1, period: "1m" },
        concurrency: { limit: 1, key: "event.data.user + event.data.place" },
        triggers: [{ event: "test/throttled" }],
      },
      async () => null,
    ),
    client.createFunction(
      { id: "plain", concurrency: 3, triggers: [{ event: "test/plain" }] },
      async () => null,
    ),
  ]);
  const ignored = (option: string) =>
    `the embedded cron runner ignores ${option} of the function fermata-throttled: an Inngest server would keep to it`;
  expect(warnings).toEqual([ignored("throttle"), ignored("concurrency.key")]);
});
