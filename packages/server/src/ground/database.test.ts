import { fileURLToPath } from "node:url";
import {
  createTestDatabase,
  startPgBouncer,
  startThrowawayPostgres,
} from "@fermata/embedded/testing";
import { applyMigrations } from "@fermata/migrations";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { silentLog } from "../testing/silent-log";
import { startForgetful } from "../testing/start-forgetful";
import { startSilencer } from "../testing/start-silencer";
import { createServicesOn } from "../testing/test-context";
import { BorrowedPool } from "./borrowed-pool";
import { type Database, openDatabase, openDatabaseOn } from "./db";
import { toAppError } from "./errors";
import { inTransaction } from "./in-transaction";

const migrationsDir = fileURLToPath(new URL("../../../../prisma/migrations", import.meta.url));
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function openTestDatabase(): Promise<string> {
  const database = await createTestDatabase();
  undo.push(() => database.drop());
  return database.url;
}

function open(
  url: string,
  options: { maxConnections?: number; statementNames?: "on" } = {},
): Database {
  const database = openDatabase({ url, log: silentLog, ...options });
  undo.push(() => database.close());
  return database;
}

/** What a request asks: by Prisma, by Prisma in a transaction, by hand under a name, in a transaction by hand. */
async function askInEveryWay({ db, pool }: Database, round: number): Promise<void> {
  await db.user.count();
  await db.$transaction(async (tx) => {
    await tx.user.findMany({ where: { email: { contains: String(round) } } });
    await tx.media.count();
  });
  const query = {
    name: `rooms-${round % 7}`,
    text: `SELECT $1::int + ${round % 7} AS n, count(*) FROM "Room"`,
    values: [1],
  };
  await pool.query(query);
  await inTransaction(pool, async (tx) => {
    await tx.query(query);
    await tx.query({ name: "sessions", text: 'SELECT count(*) FROM "Session"' });
  });
}

describe("behind a transaction pooler", () => {
  test.each([
    ["that is noticed", ""],
    ["that the URL names", "?pgbouncer=true"],
  ])("%s, every kind of statement works, many at once", async (_, parameters) => {
    const pooler = await startPgBouncer(await openTestDatabase());
    undo.push(() => pooler.stop());
    const databases = [open(pooler.url + parameters), open(pooler.url + parameters)];
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          databases.map((each) => askInEveryWay(each, round + i)),
        ).flat(),
      );
    }
  });

  test("names that clash after all are dropped, and what clashed is asked again", async () => {
    const pooler = await startPgBouncer(await openTestDatabase());
    undo.push(() => pooler.stop());
    const databases = [
      open(pooler.url, { statementNames: "on" }),
      open(pooler.url, { statementNames: "on" }),
    ];
    for (let round = 0; round < 5; round++) {
      const asked = Array.from({ length: 20 }, () =>
        databases.map(({ pool }) =>
          pool.query({ name: "rooms", text: 'SELECT count(*) FROM "Room"' }),
        ),
      );
      for (const { rowCount } of await Promise.all(asked.flat())) expect(rowCount).toBe(1);
    }
  });

  test("no session is changed for those who come after", async () => {
    const url = await openTestDatabase();
    const pooler = await startPgBouncer(url, { poolSize: 1 });
    undo.push(() => pooler.stop());
    const before = await open(url).pool.query("SELECT current_setting('search_path') AS path");
    await askInEveryWay(open(`${pooler.url}?schema=public`), 1);
    const { rows } = await open(pooler.url).pool.query(
      "SELECT current_setting('search_path') AS path, current_setting('statement_timeout') AS timeout",
    );
    expect(rows).toEqual([{ path: expect.stringContaining("public"), timeout: "0" }]);
    expect(before.rows).toEqual([{ path: '"public"' }]);
  });
});

test.each([
  ["directly"],
  ["through a transaction pooler"],
  ["through a pooler that drops the time zone asked for"],
  ["by an app's pool"],
])("%s, a database with settings of its own is asked and read as any other", async (way) => {
  const url = await openTestDatabase();
  const name = new URL(url).pathname.slice(1);
  const settings = [
    "default_transaction_isolation = 'serializable'",
    "bytea_output = 'escape'",
    "timezone = 'America/St_Johns'",
  ];
  // An app reads dates itself, so its database prints them as node-postgres needs it.
  if (way !== "by an app's pool")
    settings.push(`"DateStyle" = 'SQL, DMY'`, `"IntervalStyle" = 'iso_8601'`);
  const first = open(url);
  for (const setting of settings) await first.pool.query(`ALTER DATABASE ${name} SET ${setting}`);
  await applyMigrations({ url, migrationsDir });

  const { db, pool } = await openBy(way, url);
  const createdAt = new Date("2026-11-30T23:59:59.123Z");
  await db.user.create({ data: { id: "user", email: "a@example.com", createdAt } });
  const found = await db.$transaction((tx) => tx.user.findMany({ where: { createdAt } }));
  expect(found.map((user) => user.createdAt)).toEqual([createdAt]);
  const seen = await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query(
      `SELECT "createdAt", '\\x00ff'::bytea AS bytes,
         current_setting('transaction_isolation') AS isolation FROM "User"`,
    );
    return rows;
  });
  const bytes = Buffer.from([0, 255]);
  expect(seen).toEqual([{ createdAt, bytes, isolation: "read committed" }]);
});

async function openBy(way: string, url: string): Promise<Database> {
  if (way === "directly") return open(url);
  if (way === "by an app's pool") {
    const theirs = new pg.Pool({ connectionString: url });
    undo.push(() => theirs.end());
    return openDatabaseOn(new BorrowedPool(theirs, "public"), "public");
  }
  const start = way === "through a transaction pooler" ? startPgBouncer : startForgetful;
  const pooler = await start(url);
  undo.push(() => pooler.stop());
  return open(pooler.url);
}

describe("in a schema of its own", () => {
  test.each([
    ["directly", false],
    ["through a transaction pooler", true],
  ])("%s, nothing of another schema is read or written", async (_, isPooled) => {
    const direct = await openTestDatabase();
    const pooler = isPooled ? await startPgBouncer(direct) : null;
    if (pooler) undo.push(() => pooler.stop());
    const url = pooler?.url ?? direct;
    await applyMigrations({ url: `${url}?schema=app`, migrationsDir });

    const services = await createServicesOn(`${url}?schema=app`);
    undo.push(() => services.dispose());
    const user = await services.db.user.create({
      data: { id: "user", email: "a@example.com", createdAt: new Date() },
    });
    await services.db.file.create({
      data: {
        id: "file",
        uploaderId: user.id,
        objectKey: "key",
        contentType: "text/plain",
        sizeBytes: 7,
        status: "ready",
        createdAt: new Date(),
        grantTokenHash: Buffer.from("hash"),
        grantExpiresAt: new Date(),
      },
    });
    const usage = await services.db.usage.findMany();
    expect(usage.map(({ bytes }) => Number(bytes))).toEqual([7]);
    await services.pool.query('DELETE FROM "File" WHERE "id" = $1', ["file"]);
    expect(await services.db.deletion.count()).toBe(1);
    expect(await services.db.usage.findMany()).toMatchObject([{ bytes: 0n }]);
    const here = open(direct);
    expect(await here.db.user.count()).toBe(0);
    expect(await here.db.deletion.count()).toBe(0);
  });

  test("every function that triggers call finds its tables by itself", async () => {
    const { pool } = open(await openTestDatabase());
    const { rows } = await pool.query(
      "SELECT proname FROM pg_proc WHERE proname LIKE 'fermata\\_%' AND proconfig IS NULL",
    );
    expect(rows).toEqual([]);
  });
});

describe("when connections break", () => {
  test("reads and transactions go on, and what cannot be repeated is 503 with a time to come back", async () => {
    const url = await openTestDatabase();
    const { db, pool } = open(url);
    const admin = open(url);
    const seen: Record<string, number> = {};
    let isOver = false;
    const load = Array.from({ length: 8 }, async (_, i) => {
      for (let round = 0; !isOver; round++) {
        const ask = [
          () => db.user.count(),
          () => pool.query('SELECT count(*) FROM "Room"'),
          () => inTransaction(pool, (tx) => tx.query(`UPDATE "User" SET "name" = $1`, ["x"])),
          () => db.user.updateMany({ data: { name: "y" } }),
        ][(round + i) % 4];
        await ask?.().catch((error: unknown) => {
          const { code, details } = toAppError(error);
          const name = `${(round + i) % 4} ${code} ${details?.retryAfterSeconds}`;
          seen[name] = (seen[name] ?? 0) + 1;
        });
      }
    });
    for (let round = 0; round < 5; round++) {
      await admin.pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    isOver = true;
    await Promise.all(load);
    for (const name of Object.keys(seen)) expect(name).toMatch(/^[23] UPSTREAM_UNAVAILABLE 2$/);
  });

  test("a statement that takes too long, or waits too long for a lock, is 503", async () => {
    const url = await openTestDatabase();
    const { db, pool } = open(url, { maxConnections: 1 });
    const slow = "DO $$ BEGIN PERFORM pg_sleep(5); END $$";
    const locked = 'LOCK TABLE "Room"';
    const ask = [
      () => pool.query(`SET statement_timeout = 50; ${slow}`),
      () => pool.query(`SET statement_timeout = 0; SET lock_timeout = 50; BEGIN; ${locked}`),
      () =>
        db.$transaction([
          db.$executeRaw`SET LOCAL statement_timeout = 50`,
          db.$executeRawUnsafe(slow),
        ]),
      () =>
        db.$transaction([
          db.$executeRaw`SET LOCAL lock_timeout = 50`,
          db.$executeRawUnsafe(locked),
        ]),
    ];
    await inTransaction(open(url).pool, async (tx) => {
      await tx.query(locked);
      for (const each of ask) {
        const failure = toAppError(await Promise.resolve(each()).catch((error: unknown) => error));
        expect(failure).toMatchObject({
          code: "UPSTREAM_UNAVAILABLE",
          details: { service: "database", retryAfterSeconds: 1 },
        });
      }
    });
  });

  test("a server that dies is 503, by hand and by Prisma, and is there again when it is", async () => {
    const postgres = await startThrowawayPostgres();
    undo.push(() => postgres.remove());
    const { db, pool } = open(postgres.url);
    await pool.query("SELECT 1");
    await postgres.kill9();
    for (const ask of [
      () => pool.query("SELECT 1"),
      () => db.$queryRaw`SELECT 1`,
      () => db.$transaction([db.$queryRaw`SELECT 1`]),
    ]) {
      expect(toAppError(await ask().catch((error: unknown) => error)).code).toBe(
        "UPSTREAM_UNAVAILABLE",
      );
    }
    await postgres.start();
    await expect(pool.query("SELECT 1")).resolves.toBeDefined();
  });

  test("lines that fall silent are let go of, all of them, after the first that was waited for", async () => {
    const silencer = await startSilencer(await openTestDatabase());
    undo.push(() => silencer.stop());
    const { pool } = open(silencer.url);
    const ask = () => pool.query({ text: "SELECT 1", query_timeout: 300 } as { text: string });
    await Promise.all(Array.from({ length: 10 }, ask));
    silencer.silence();
    const startedAt = Date.now();
    for (let i = 0; i < 10; i++) await ask();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });
});
