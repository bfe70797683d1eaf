import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { version } from "../ground/version";
import type { Notification } from "../ports/notifier";
import {
  callerFor,
  createServicesOn,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../testing/test-context";
import type { ReadinessCheck } from "./readiness-check";
import { startWatch, type Watch } from "./watch";

let services: TestServices;
let told: Notification[];
let checks: ReadinessCheck[];
let watch: Watch;

const notifier = {
  name: "test",
  notify: async (message: Notification) => void told.push(message),
};
const titles = () => told.map(({ severity, title }) => `${severity}: ${title}`);

beforeAll(async () => {
  services = await createTestServices({ notifier, checks: async () => checks });
});
afterAll(() => services.dispose());
beforeEach(async () => {
  watch?.stop();
  told = [];
  checks = [{ name: "database", ok: true }];
  for (const table of ["Alert", "Deletion", "CronRun"])
    await services.pool.query(`DELETE FROM "${table}"`);
  watch = startWatch(services);
});

async function refuseDeletions(count: number, attempts: number) {
  await services.pool.query(
    `INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes", "attempts", "lastError")
     SELECT 'files', 'key' || i, 1, $2, 'AccessDenied' FROM generate_series(1, $1::int) i`,
    [count, attempts],
  );
}

test("what is amiss is told once it lasts, once, by one of all processes, and its end too", async () => {
  const other = startWatch(services);
  checks = [{ name: "store", ok: false, remedy: "Is it full, read-only or away?" }];
  await watch.look();
  expect(told).toEqual([]);
  for (let i = 0; i < 3; i++) await Promise.all([watch.look(), other.look()]);
  expect(told).toEqual([
    {
      kind: "operator.needed",
      severity: "error",
      title: "The store does not take and give bytes",
      text: "Is it full, read-only or away?",
    },
  ]);
  checks = [];
  await Promise.all([watch.look(), other.look()]);
  await watch.look();
  expect(titles().slice(1)).toEqual(["info: Over: The store does not take and give bytes"]);
  other.stop();
});

test("what was seen once and no more is not told of", async () => {
  for (const ok of [false, true, false, true]) {
    checks = [{ name: "store", ok }];
    await watch.look();
  }
  expect(told).toEqual([]);
});

test("a database that is away is told of without it", async () => {
  const { url } = { url: "postgresql://nobody@127.0.0.1:1/none" };
  const away = await createServicesOn(url, {
    notifier,
    checks: async () => checks,
  });
  const alone = startWatch(away);
  checks = [{ name: "database", ok: false, remedy: "Start PostgreSQL." }];
  for (let i = 0; i < 4; i++) await alone.look();
  expect(titles()).toEqual(["error: The database does not answer"]);
  alone.stop();
  await away.dispose();
});

test("deletions that the store goes on refusing, and bytes that are gone, are an operator's", async () => {
  await refuseDeletions(3, 4);
  for (let i = 0; i < 2; i++) await watch.look();
  expect(told).toEqual([]);
  await services.pool.query(`UPDATE "Deletion" SET "attempts" = 5`);
  await services.pool.query(
    `INSERT INTO "CronRun" ("id", "job", "slot", "trigger", "status", "startedAt", "leaseExpiresAt", "result")
     VALUES ('1', 'find missing bytes', now(), 'schedule', 'succeeded', now(), now(), '{"missing": 2}')`,
  );
  for (let i = 0; i < 2; i++) await watch.look();
  expect(titles()).toEqual([
    "error: 2 stored objects have lost their bytes",
    "error: The store refuses to delete 3 objects",
  ]);
  expect(told[1]?.text).toContain("AccessDenied");
});

test("a notifier that is away is tried again", async () => {
  let failures = 0;
  const failing = {
    ...services,
    notifier: {
      name: "failing",
      notify: async () => {
        failures++;
        throw new Error("away");
      },
    },
  };
  const first = startWatch(failing);
  checks = [{ name: "store", ok: false }];
  for (let i = 0; i < 3; i++) await first.look();
  expect(failures).toBe(2);
  for (let i = 0; i < 2; i++) await watch.look();
  expect(titles()).toEqual(["error: The store does not take and give bytes"]);
  first.stop();
});

test("an admin sees how the process, its database and its outbox fare", async () => {
  await refuseDeletions(2, 7);
  checks = [
    { name: "database", ok: true },
    { name: "store", ok: false, remedy: "Look." },
  ];
  const admin = await createTestUser(services, "admin");
  const health = await (await callerFor(services, admin)).operations.health();
  expect(health).toMatchObject({
    needs: [{ key: "check: store" }, { key: "refused deletions" }],
    checks,
    pool: { size: 10 },
    requests: { running: 0, refused: 0 },
    outbox: { waiting: 2, refused: 2, oldestAt: expect.any(String) },
    lastBackup: null,
    versions: { fermata: version, node: process.versions.node },
  });
  expect(health.process.residentBytes).toBeGreaterThan(10_000_000);
  expect(health.versions.postgres).toMatch(/^\d+/);
});

test("the version is the package's", async () => {
  const { version: published } = JSON.parse(
    await readFile(new URL("../../package.json", import.meta.url), "utf8"),
  );
  expect(version).toBe(published);
});
