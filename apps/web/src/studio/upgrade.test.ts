import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase } from "@fermata/embedded/testing";
import { applyMigrations } from "@fermata/migrations";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callerFor, createServicesOn, type TestServices } from "./testing/studio-lab";

const migrationsDir = fileURLToPath(new URL("../../../../prisma/migrations", import.meta.url));
const held = readFileSync(new URL("./testing/release-before.sql", import.meta.url), "utf8");
/** The newest that the first release had. */
const lastOfBefore = "20261124030000_turn_allowance_index";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let services: TestServices;
let served: { statements: number; failures: string[]; longestMs: number };

beforeAll(async () => {
  database = await createTestDatabase();
  const before = mkdtempSync(join(tmpdir(), "fermata-release-"));
  for (const name of readdirSync(migrationsDir)) {
    if (name <= lastOfBefore)
      cpSync(join(migrationsDir, name), join(before, name), { recursive: true });
  }
  const pool = new pg.Pool({ connectionString: database.url });
  await pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await applyMigrations({ url: database.url, migrationsDir: before });
  await pool.query(held);
  const serving = serveAsBefore(pool);
  await applyMigrations({ url: database.url, migrationsDir });
  served = await serving.stop();
  await pool.end();
  await rm(before, { recursive: true, force: true });
  services = await createServicesOn(database.url);
  const facts = { contentType: "application/octet-stream" };
  await services.objects.put("files", "report-key", Buffer.from("ten bytes."), facts);
  await services.objects.put("media-private", "recital-key", Buffer.from("ten bytes."), facts);
});
afterAll(async () => {
  await services.dispose();
  await database.drop();
});

/** Statements of the first release, over and over, as its last process makes them while the next release migrates. */
function serveAsBefore(pool: pg.Pool) {
  const result = { statements: 0, failures: [] as string[], longestMs: 0 };
  let stopping = false;
  const ask = async (sql: string) => {
    const began = performance.now();
    await pool.query(sql).catch((error: Error) => result.failures.push(`${error.message}: ${sql}`));
    result.longestMs = Math.max(result.longestMs, performance.now() - began);
    result.statements++;
  };
  const round = async (n: number) => {
    await ask(`SELECT "id", "email", "name", "role", "avatarId" FROM "User" WHERE "id" = 'maja'`);
    await ask(`INSERT INTO "File" ("id", "uploaderId", "objectKey", "sizeBytes", "createdAt", "grantTokenHash", "grantExpiresAt")
      VALUES ('before-${n}', 'maja', 'before-key-${n}', 10, now(), sha256('before-${n}'), now())`);
    await ask(`UPDATE "File" SET "status" = 'ready', "readyAt" = now() WHERE "id" = 'before-${n}'`);
    await ask(`SELECT "key", "filename", "processing" FROM "Media" WHERE "userId" = 'maja'`);
    await ask(`DELETE FROM "File" WHERE "id" = 'before-${n}'`);
  };
  const done = (async () => {
    for (let n = 0; !stopping; n++) await round(n);
  })();
  return {
    async stop() {
      stopping = true;
      await done;
      return result;
    },
  };
}

test("the release before is served without a failure while this one's migrations are applied", () => {
  expect(served.failures).toEqual([]);
  expect(served.statements).toBeGreaterThan(20);
  // What a migration may wait for a table before it steps back, and as much again on a busy machine.
  expect(served.longestMs).toBeLessThan(3_000);
});

test("what the release before held is all there", async () => {
  const caller = await callerFor(services, "fms_of-the-release-before");
  expect((await caller.auth.me())?.user).toMatchObject({
    email: "maja@example.com",
    role: "admin",
  });
  expect((await caller.files.list({ limit: 10 })).items).toMatchObject([
    { storageId: "report", filename: "report.pdf", sizeBytes: 10 },
  ]);
  expect((await caller.storage.list({ limit: 10 })).items).toMatchObject([
    { key: "recital-key", status: "ready" },
  ]);
  expect(await caller.files.usage()).toMatchObject({ usedBytes: 10 });
  const run = await services.db.cronRun.findUniqueOrThrow({ where: { id: "run" } });
  expect(run).toMatchObject({ status: "succeeded", attempt: 1, result: { rooms: 2 } });
});

test("what the release before held can be deleted, and its bytes go", async () => {
  const caller = await callerFor(services, "fms_of-the-release-before");
  await caller.files.delete({ storageId: "report" });
  await caller.storage.delete({ key: "recital-key" });
  expect(await services.objects.head("files", "report-key")).toBeNull();
  expect((await caller.files.usage()).usedBytes).toBe(0);
});
