import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase } from "@fermata/embedded/testing";
import type { Inngest, InngestFunction } from "inngest";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RunnerFunctions, startRunnerFunctions } from "../testing/runner-functions";

const open: (() => Promise<unknown>)[] = [];
let pool: pg.Pool;
let trail: string[];

beforeEach(async () => {
  trail = [];
  const database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  // Dropping the database cuts what is still closing.
  pool.on("error", () => {});
  open.push(database.drop, () => pool.end());
});

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A process of its own, as far as the runner can tell. */
async function start(
  declare: (inngest: Inngest) => InngestFunction.Any[],
): Promise<RunnerFunctions> {
  const started = await startRunnerFunctions(pool, declare);
  open.push(() => started.runner.stop());
  return started;
}

const withSleep = (client: Inngest) => [
  client.createFunction({ id: "long", triggers: [{ event: "test/long" }] }, async ({ step }) => {
    await step.run("one", () => trail.push("one"));
    await step.sleep("rest", "3s");
    await step.run("two", () => trail.push("two"));
  }),
];

test("a sleep goes on after a restart, to its own end, and what is through is not done again", async () => {
  const first = await start(withSleep);
  await first.inngest.send({ name: "test/long", data: {} });
  await expect.poll(() => trail).toEqual(["one"]);
  const sentAt = Date.now();
  await first.runner.stop();
  await start(withSleep);
  await expect.poll(() => trail, { timeout: 20_000 }).toEqual(["one", "two"]);
  expect(Date.now() - sentAt).toBeGreaterThan(2500);
}, 30_000);

test("what a process that died had before it is taken up by another one", async () => {
  const first = await start(withSleep);
  await first.inngest.send({ name: "test/long", data: {} });
  await expect.poll(() => trail).toEqual(["one"]);
  await first.runner.stop();
  // As a crash would have left it: with the number of a process that is no more.
  await pool.query("UPDATE fermata_runner.run SET owner = 1 WHERE ended_at IS NULL");
  await start(withSleep);
  await expect.poll(() => trail, { timeout: 20_000 }).toEqual(["one", "two"]);
});

test("what a living process has before it is left to it", async () => {
  const first = await start(withSleep);
  const second = await start(withSleep);
  // To whoever does not keep the schedule.
  await second.inngest.send({ name: "test/long", data: {} });
  // Long enough for the other one to have looked for the dead.
  await sleep(7000);
  expect(trail).toEqual(["one", "two"]);
  expect(first.warnings).toEqual([]);
});

test("a retry waits for its time over a restart, and counts on", async () => {
  const failing = (client: Inngest) => [
    client.createFunction(
      { id: "failing", retries: 1, triggers: [{ event: "test/failing" }] },
      async ({ attempt }) => {
        trail.push(`attempt ${attempt}`);
        throw new Error("no");
      },
    ),
  ];
  const first = await start(failing);
  await first.inngest.send({ name: "test/failing", data: {} });
  await expect.poll(() => trail).toContain("attempt 0");
  await first.runner.stop();
  await start(failing);
  await expect.poll(() => trail, { timeout: 10_000 }).toContain("attempt 1");
  await sleep(500);
  expect(trail).toEqual(["attempt 0", "attempt 1"]);
});

test("an event dated ahead comes after a restart, once, and its id is known", async () => {
  const listening = (client: Inngest) => [
    client.createFunction({ id: "ahead", triggers: [{ event: "test/ahead" }] }, async () => {
      trail.push("came");
    }),
  ];
  const event = { name: "test/ahead", id: "the one", data: {}, ts: Date.now() + 2500 };
  const first = await start(listening);
  await first.inngest.send(event);
  await first.runner.stop();
  const second = await start(listening);
  await second.inngest.send(event);
  await expect.poll(() => trail, { timeout: 10_000 }).toEqual(["came"]);
  expect(Date.now()).toBeGreaterThanOrEqual(event.ts);
  await second.inngest.send(event);
  await sleep(500);
  expect(trail).toEqual(["came"]);
});

test("a run that waits for one that it invoked gets its result after a restart", async () => {
  const nested = (client: Inngest) => {
    const child = client.createFunction({ id: "child", triggers: [] }, async ({ step }) => {
      await step.run("begin", () => trail.push("child begins"));
      await step.sleep("rest", "2s");
      return "grown";
    });
    const parent = client.createFunction(
      { id: "parent", triggers: [{ event: "test/parent" }] },
      async ({ step }) => {
        const result = await step.invoke("child", { function: child, data: {} });
        trail.push(`child is ${result}`);
      },
    );
    return [child, parent];
  };
  const first = await start(nested);
  await first.inngest.send({ name: "test/parent", data: {} });
  await expect.poll(() => trail).toEqual(["child begins"]);
  await first.runner.stop();
  await start(nested);
  await expect.poll(() => trail, { timeout: 10_000 }).toEqual(["child begins", "child is grown"]);
});

test("what is over is kept for a day, and then purged", async () => {
  const declare = (client: Inngest) => [
    client.createFunction({ id: "quick", triggers: [{ event: "test/quick" }] }, async () => null),
  ];
  const first = await start(declare);
  await first.inngest.send({ name: "test/quick", data: {} });
  const ended = async () =>
    (await pool.query("SELECT id FROM fermata_runner.run WHERE ended_at IS NOT NULL")).rowCount;
  await expect.poll(ended).toBe(1);
  await first.runner.stop();
  await pool.query("UPDATE fermata_runner.run SET ended_at = ended_at - interval '25 hours'");
  await start(declare);
  await expect.poll(ended, { timeout: 5000 }).toBe(0);
});

test("a database's user that may not make the tables is told so", async () => {
  const role = `runner_${process.pid}_${Date.now()}`;
  await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
  const url = new URL(String(pool.options.connectionString));
  url.username = role;
  url.password = role;
  const restricted = new pg.Pool({ connectionString: url.href });
  try {
    await expect(startRunnerFunctions(restricted, withSleep)).rejects.toThrow(
      /cannot make its schema fermata_runner: GRANT CREATE/,
    );
  } finally {
    await restricted.end();
    await pool.query(`DROP ROLE ${role}`);
  }
});
