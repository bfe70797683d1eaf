import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyMigrations, pendingMigrations } from "@fermata/migrations";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeOwnedName } from "./owned-name";
import { query } from "./query";
import { startPgBouncer } from "./start-pgbouncer";
import { databaseUrl } from "./template-database";
import { TEST_DATABASE_PREFIX } from "./test-database-name";
import { TEST_POSTGRES_URL_VARIABLE } from "./test-postgres-url-variable";
import { withAdmin } from "./with-admin";

const serverUrl = process.env[TEST_POSTGRES_URL_VARIABLE] ?? "";

let database: string;
let url: string;
let migrationsDir: string;

beforeEach(async () => {
  // Empty, unlike those of createTestDatabase.
  database = makeOwnedName(TEST_DATABASE_PREFIX);
  await query(serverUrl, `CREATE DATABASE ${database} STRATEGY FILE_COPY`);
  url = databaseUrl(serverUrl, database);
  migrationsDir = mkdtempSync(join(tmpdir(), "fermata-migrations-"));
});

afterEach(async () => {
  await query(serverUrl, `DROP DATABASE ${database} WITH (FORCE)`);
  rmSync(migrationsDir, { recursive: true });
});

function write(name: string, sql: string): void {
  mkdirSync(join(migrationsDir, name), { recursive: true });
  writeFileSync(join(migrationsDir, name, "migration.sql"), sql);
}

function readBooks() {
  return query<Record<string, unknown>>(
    url,
    "SELECT * FROM _prisma_migrations ORDER BY started_at",
  );
}

test("applies what is pending, in order, once", async () => {
  const told: string[] = [];
  write("2_second", "INSERT INTO a VALUES (1);");
  write("1_first", "CREATE TABLE a (id int); -- first");
  writeFileSync(join(migrationsDir, "migration_lock.toml"), "");
  expect(await pendingMigrations({ url, migrationsDir })).toEqual(["1_first", "2_second"]);

  const onApplied = (name: string) => told.push(name);
  expect(await applyMigrations({ url, migrationsDir, onApplied })).toEqual({
    applied: ["1_first", "2_second"],
  });
  expect(told).toEqual(["1_first", "2_second"]);
  expect(await applyMigrations({ url, migrationsDir })).toEqual({ applied: [] });
  expect(await pendingMigrations({ url, migrationsDir })).toEqual([]);
  expect(await query(url, "SELECT id FROM a")).toEqual([{ id: 1 }]);
});

test("keeps the books as Prisma does", async () => {
  write("1_ünï", "CREATE TABLE a (id int);\n-- ünï");
  await applyMigrations({ url, migrationsDir });
  const [row] = await readBooks();
  expect(row).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    checksum: createHash("sha256").update("CREATE TABLE a (id int);\n-- ünï").digest("hex"),
    migration_name: "1_ünï",
    started_at: expect.any(Date),
    finished_at: expect.any(Date),
    rolled_back_at: null,
    logs: null,
    applied_steps_count: 1,
  });
});

test("asking what is pending changes nothing", async () => {
  write("1_first", "CREATE TABLE a (id int);");
  await pendingMigrations({ url, migrationsDir });
  await expect(readBooks()).rejects.toMatchObject({ code: "42P01" });
});

test("a failing migration leaves nothing behind but its row, and stops all that follow until resolved", async () => {
  write("1_broken", "CREATE TABLE a (id int); INSERT INTO missing VALUES (1);");
  write("2_next", "CREATE TABLE b (id int);");
  const apply = () => applyMigrations({ url, migrationsDir });
  await expect(apply()).rejects.toMatchObject({
    code: "P3018",
    message: expect.stringContaining('relation "missing" does not exist'),
  });
  expect(await query(url, "SELECT to_regclass('a') AS a, to_regclass('b') AS b")).toEqual([
    { a: null, b: null },
  ]);
  expect(await readBooks()).toMatchObject([
    { migration_name: "1_broken", finished_at: null, logs: expect.stringContaining("42P01") },
  ]);

  await expect(apply()).rejects.toMatchObject({
    code: "P3009",
    message: expect.stringContaining("prisma migrate resolve --rolled-back 1_broken"),
  });

  write("1_broken", "CREATE TABLE a (id int);");
  await query(
    url,
    "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '1_broken' AND finished_at IS NULL",
  );
  expect(await apply()).toEqual({ applied: ["1_broken", "2_next"] });
});

test("a migration whose connection was cut is simply applied the next time", async () => {
  write("1_cut", "CREATE TABLE a (id int); SELECT pg_terminate_backend(pg_backend_pid());");
  await expect(applyMigrations({ url, migrationsDir })).rejects.toMatchObject({ code: "P3018" });
  write("1_cut", "CREATE TABLE a (id int);");
  expect(await applyMigrations({ url, migrationsDir })).toEqual({ applied: ["1_cut"] });
});

test("applies statements that cannot run in a transaction", async () => {
  write("1_table", "CREATE TABLE a (id int);");
  await applyMigrations({ url, migrationsDir });
  write("2_index", "CREATE INDEX CONCURRENTLY a_id ON a (id);");
  write("3_own", "BEGIN;\nINSERT INTO a VALUES (1);\nCOMMIT;");
  await applyMigrations({ url, migrationsDir });
  expect(await query(url, "SELECT to_regclass('a_id')::text AS index, id FROM a")).toEqual([
    { index: "a_id", id: 1 },
  ]);
});

test("several appliers of an index that is built concurrently do not wait for each other in a circle", async () => {
  write("1_table", "CREATE TABLE a (id int);");
  await applyMigrations({ url, migrationsDir });
  write("2_index", "CREATE INDEX CONCURRENTLY a_id ON a (id);");
  write("3_next", "CREATE TABLE b (id int);");
  const results = await Promise.all(
    Array.from({ length: 6 }, () => applyMigrations({ url, migrationsDir })),
  );
  expect(results.flatMap(({ applied }) => applied).sort()).toEqual(["2_index", "3_next"]);
}, 30_000);

test("in a database that is made now, an index comes with its table, in a transaction", async () => {
  write("1_table", "CREATE TABLE a (id int);");
  write(
    "2_index",
    "CREATE INDEX CONCURRENTLY a_id ON a (id); SELECT 1 / (SELECT count(*) FROM a);",
  );
  await expect(applyMigrations({ url, migrationsDir })).rejects.toMatchObject({ code: "P3018" });
  expect(await query(url, "SELECT to_regclass('a_id')::text AS index")).toEqual([{ index: null }]);
});

test("warns of an applied migration that was edited or is unknown, but not of other line endings", async () => {
  write("1_edited", "CREATE TABLE a (id int);\n");
  write("2_endings", "CREATE TABLE b (id int);\n\n");
  write("3_gone", "CREATE TABLE c (id int);");
  write("4_kept", "CREATE TABLE d (id int);");
  await applyMigrations({ url, migrationsDir });
  write("1_edited", "CREATE TABLE a (id bigint);\n");
  write("2_endings", "CREATE TABLE b (id int);\r\n\r\n");
  rmSync(join(migrationsDir, "3_gone"), { recursive: true });

  const warnings: string[] = [];
  const onWarning = (message: string) => warnings.push(message);
  expect(await applyMigrations({ url, migrationsDir, onWarning })).toEqual({ applied: [] });
  expect(warnings).toEqual([
    expect.stringContaining("1_edited was edited"),
    expect.stringContaining("3_gone, which this version does not know"),
  ]);
});

test("refuses the database of a newer release by name", async () => {
  write("1_first", "CREATE TABLE a (id int);");
  write("2_newer", "CREATE TABLE b (id int);");
  await applyMigrations({ url, migrationsDir });
  rmSync(join(migrationsDir, "2_newer"), { recursive: true });
  await expect(applyMigrations({ url, migrationsDir })).rejects.toMatchObject({
    code: "NEWER_DATABASE",
    message: expect.stringContaining("2_newer"),
  });
});

test("waits for a table in use without holding up its readers for long", async () => {
  write("1_table", "CREATE TABLE a (id int);");
  await applyMigrations({ url, migrationsDir });
  write("2_column", "ALTER TABLE a ADD COLUMN b int;");
  const warnings: string[] = [];
  await withAdmin(url, async (user) => {
    await user.query("BEGIN; SELECT * FROM a");
    const applying = applyMigrations({
      url,
      migrationsDir,
      onWarning: (text) => warnings.push(text),
    });
    const waits: number[] = [];
    while (warnings.length < 2) {
      const startedAt = Date.now();
      await query(url, "SELECT * FROM a");
      waits.push(Date.now() - startedAt);
    }
    expect(Math.max(...waits)).toBeLessThan(2_000);
    await user.query("COMMIT");
    expect(await applying).toEqual({ applied: ["2_column"] });
  });
  expect(warnings[0]).toContain("2_column waits for a table");
}, 20_000);

test("migrates through a transaction pooler, into the schema of the URL, and leaves no session changed", async () => {
  const pooler = await startPgBouncer(url, { poolSize: 1 });
  try {
    write("1_first", "CREATE TABLE a (id int);");
    const pooled = `${pooler.url}?schema=app`;
    const both = await Promise.all([
      applyMigrations({ url: pooled, migrationsDir }),
      applyMigrations({ url: pooled, migrationsDir }),
    ]);
    expect(both.flatMap(({ applied }) => applied)).toEqual(["1_first"]);
    const [found] = await query(
      pooler.url,
      "SELECT to_regclass('app.a')::text AS a, to_regclass('a')::text AS here, current_setting('lock_timeout') AS lock",
    );
    expect(found).toEqual({ a: "app.a", here: null, lock: "0" });
    write("2_index", "CREATE INDEX CONCURRENTLY a_id ON a (id);");
    await expect(applyMigrations({ url: pooled, migrationsDir })).rejects.toMatchObject({
      code: "POOLED",
      message: expect.stringContaining("DATABASE_DIRECT_URL"),
    });
  } finally {
    await pooler.stop();
  }
});

test("refuses a new database that cannot keep every text", async () => {
  await query(serverUrl, `DROP DATABASE ${database}`);
  await query(
    serverUrl,
    `CREATE DATABASE ${database} ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
  );
  write("1_first", "CREATE TABLE a (id int);");
  await expect(applyMigrations({ url, migrationsDir })).rejects.toMatchObject({
    code: "ENCODING",
    message: expect.stringContaining("LATIN1"),
  });
  expect(await query(url, "SELECT to_regclass('_prisma_migrations')::text AS books")).toEqual([
    { books: null },
  ]);
});

test("concurrent appliers share the work without doing any of it twice", async () => {
  write("1_first", "CREATE TABLE a (id int); SELECT pg_sleep(0.05);");
  write("2_second", "INSERT INTO a VALUES (1);");
  const results = await Promise.all(
    Array.from({ length: 4 }, () => applyMigrations({ url, migrationsDir })),
  );
  expect(results.flatMap(({ applied }) => applied).sort()).toEqual(["1_first", "2_second"]);
  expect(await query(url, "SELECT id FROM a")).toEqual([{ id: 1 }]);
});

test("honours the schema that a Prisma URL names", async () => {
  write("1_first", "CREATE TABLE a (id int);");
  const inSchema = `${url}?schema=elsewhere`;
  await applyMigrations({ url: inSchema, migrationsDir });
  expect(
    await query(
      url,
      "SELECT to_regclass('elsewhere.a')::text AS a, to_regclass('elsewhere._prisma_migrations')::text AS books",
    ),
  ).toEqual([{ a: "elsewhere.a", books: "elsewhere._prisma_migrations" }]);
  expect(await pendingMigrations({ url: inSchema, migrationsDir })).toEqual([]);
});

test("refuses a folder that is not there", async () => {
  const missing = join(migrationsDir, "missing");
  await expect(applyMigrations({ url, migrationsDir: missing })).rejects.toMatchObject({
    code: "MIGRATIONS_DIR_MISSING",
  });
});
