import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeOwnedName } from "./owned-name";
import { query } from "./query";
import { ensureTemplate, templateName } from "./template-database";
import { acquireTestPostgres } from "./test-postgres";
import { THROWAWAY_PREFIX } from "./throwaway-postgres";

let scratch: string;
let testRoot: string;

beforeAll(() => {
  scratch = join(realpathSync(tmpdir()), makeOwnedName(THROWAWAY_PREFIX));
  mkdirSync(scratch);
  chmodSync(scratch, 0o755);
  testRoot = join(scratch, "test");
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** As makeOwnedName would have named it in a process that is gone. */
function nameOfDeadProcess(prefix: string): string {
  return `${prefix}_${spawnSync(process.execPath, ["-e", ""]).pid}_1_0123abcd`;
}

async function listDatabases(url: string): Promise<string[]> {
  const rows = await query<{ datname: string }>(url, "SELECT datname FROM pg_database");
  return rows.map(({ datname }) => datname);
}

test("parallel users share one cluster; the last of them stops it", async () => {
  const users = await Promise.all([1, 2, 3].map(() => acquireTestPostgres(testRoot)));
  const url = users[0]?.url ?? "";
  expect(users.map((user) => user.url)).toEqual([url, url, url]);
  await users[0]?.release();
  await users[1]?.release();
  expect(await query(url, "SELECT current_setting('fsync') AS fsync")).toEqual([{ fsync: "off" }]);
  await users[2]?.release();
  await expect(query(url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a user in a hurry asks for the stop without waiting for it", async () => {
  const user = await acquireTestPostgres(testRoot);
  const other = await acquireTestPostgres(testRoot);
  other.abandon();
  expect(await query(user.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  user.abandon();
  await expect
    .poll(() => query(user.url, "SELECT 1").catch((error) => error.code))
    .toBe("ECONNREFUSED");
});

test("killed users count for nothing, and what they left is removed", async () => {
  const deadDatabase = nameOfDeadProcess("fermata_test");
  const before = await acquireTestPostgres(testRoot);
  await query(before.url, `CREATE DATABASE ${deadDatabase}`);
  await query(before.url, "CREATE DATABASE fermata_template_0123456789abcdef");
  await before.release();
  writeFileSync(join(testRoot, "leases", nameOfDeadProcess("lease")), "");
  const throwaway = nameOfDeadProcess(THROWAWAY_PREFIX);
  mkdirSync(join(testRoot, throwaway));

  const user = await acquireTestPostgres(testRoot);
  const databases = await listDatabases(user.url);
  expect(databases).not.toContain(deadDatabase);
  expect(databases).not.toContain("fermata_template_0123456789abcdef");
  expect(readdirSync(testRoot)).not.toContain(throwaway);
  await user.release();
  await expect(query(user.url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a ruined cluster is made anew", async () => {
  rmSync(join(testRoot, "postgres", "global", "pg_control"));
  const user = await acquireTestPostgres(testRoot);
  expect(await query(user.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await user.release();
});

test("the template follows the migrations, and is built once by whoever needs it first", async () => {
  const user = await acquireTestPostgres(testRoot);
  const migrationsDir = join(scratch, "migrations");
  const write = (sql: string) => {
    mkdirSync(join(migrationsDir, "1_first"), { recursive: true });
    writeFileSync(join(migrationsDir, "1_first", "migration.sql"), sql);
  };
  const withoutAny = await ensureTemplate(user.url, migrationsDir);
  write("CREATE TABLE a (id int)");
  const builds = Array.from({ length: 3 }, () => ensureTemplate(user.url, migrationsDir));
  const [first] = await Promise.all(builds);
  write("CREATE TABLE a (id bigint)");
  const second = await ensureTemplate(user.url, migrationsDir);
  expect(second).toBe(templateName(migrationsDir));
  expect(new Set([withoutAny, first, second]).size).toBe(3);
  expect(await listDatabases(user.url)).toEqual(
    expect.arrayContaining([withoutAny, first, second]),
  );
  await user.release();
});
