import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { pendingMigrations } from "@fermata/migrations";
import pg from "pg";
import { expect, test } from "vitest";
import { query } from "./query";
import { createTestDatabase, startThrowawayPostgres } from "./test-database";
import { MIGRATIONS_DIR } from "./test-paths";

test("gives every caller a database of its own, and takes it away", async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(first.url, "CREATE TABLE only_here (id int)");
  await expect(query(second.url, "SELECT * FROM only_here")).rejects.toMatchObject({
    code: "42P01",
  });
  await Promise.all([first.drop(), second.drop()]);
  await expect(query(first.url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
});

test("closes no session under a pool that was ended just before", async () => {
  const errors: Error[] = [];
  for (let round = 0; round < 10; round += 1) {
    const { url, drop } = await createTestDatabase();
    const pool = new pg.Pool({ connectionString: url, max: 20 });
    pool.on("error", (error) => errors.push(error));
    await Promise.all(Array.from({ length: 20 }, () => pool.query("SELECT pg_sleep(0.01)")));
    await pool.end();
    await drop();
  }
  expect(errors).toEqual([]);
});

test("does not wait for a session that nobody closes", async () => {
  const { url, drop } = await createTestDatabase();
  const client = new pg.Client({ connectionString: url });
  const errors: Error[] = [];
  client.on("error", (error) => errors.push(error));
  await client.connect();
  await drop();
  await expect.poll(() => errors[0]).toMatchObject({ code: "57P01" });
});

test.runIf(existsSync(MIGRATIONS_DIR))("a test database is migrated", async () => {
  const { url, drop } = await createTestDatabase();
  expect(await pendingMigrations({ url, migrationsDir: MIGRATIONS_DIR })).toEqual([]);
  await drop();
});

test("a throwaway cluster can be killed and started again without losing committed rows", async () => {
  const server = await startThrowawayPostgres({ database: "app" });
  const { url } = server;
  try {
    await query(url, "CREATE TABLE a (id int); INSERT INTO a VALUES (1)");
    await server.kill9();
    await expect(query(url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.start();
    expect(server.url).toBe(url);
    expect(await query(url, "SELECT id FROM a")).toEqual([{ id: 1 }]);
  } finally {
    await server.remove();
  }
  expect(existsSync(dirname(server.dataDir))).toBe(false);
});
