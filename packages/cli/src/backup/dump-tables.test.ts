import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createTestDatabase } from "@fermata/embedded/testing";
import { openDatabase } from "@fermata/server/internal";
import { silentLog } from "@fermata/server/testing/silent-log";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dumpTables, loadTables, tableFile } from "./dump-tables";
import { createFolderPlace } from "./folder-place";

const undo: (() => Promise<unknown>)[] = [];
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-backup-"));
  await mkdir(join(dir, "database"));
  undo.push(() => rm(dir, { recursive: true }));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function open() {
  const made = await createTestDatabase();
  const database = openDatabase({ url: made.url, log: silentLog });
  undo.push(async () => {
    await database.close();
    await made.drop();
  });
  return database;
}

const options = () => ({ schema: "public", place: createFolderPlace(dir), onTable: () => {} });

test("a database comes back row for row, counted once, and goes on counting behind what it had", async () => {
  const [from, to] = [await open(), await open()];
  const text = 'Flöte "\\ 🎼\n\t';
  await from.db.user.create({
    data: { id: "u", email: "a@example.com", name: text, createdAt: new Date(1) },
  });
  const file = {
    uploaderId: "u",
    contentType: "text/plain",
    sizeBytes: 7,
    createdAt: new Date(),
    grantExpiresAt: new Date(),
  };
  for (let i = 0; i < 1_200; i++) {
    const key = `key ${i}`;
    await from.pool.query(
      `INSERT INTO "File" ("id", "uploaderId", "objectKey", "sizeBytes", "contentType", "createdAt", "grantTokenHash", "grantExpiresAt")
       VALUES ($1, $2, $1, $3, $4, $5, $6, $7)`,
      [
        key,
        file.uploaderId,
        file.sizeBytes,
        file.contentType,
        file.createdAt,
        Buffer.from([0, 255, i & 255, i >> 8]),
        file.grantExpiresAt,
      ],
    );
  }
  await from.pool.query('DELETE FROM "File" WHERE "id" = $1', ["key 0"]);
  const first = await dumpTables(from.pool, options());
  await loadTables(to.pool, { ...options(), tables: first.tables });
  const second = await dumpTables(to.pool, options());
  const ofOurs = ({ tables }: typeof first) => tables.filter(({ name }) => !name.startsWith("_"));
  expect(ofOurs(second).map(({ name, rows }) => [name, rows])).toEqual(
    ofOurs(first).map(({ name, rows }) => [name, rows]),
  );
  expect(await to.db.user.findUnique({ where: { id: "u" } })).toMatchObject({ name: text });
  expect(await to.db.file.findUnique({ where: { id: "key 258" } })).toEqual(
    await from.db.file.findUnique({ where: { id: "key 258" } }),
  );
  expect(await to.db.usage.findMany()).toEqual(await from.db.usage.findMany());
  await to.pool.query('DELETE FROM "File" WHERE "id" = $1', ["key 1"]);
  expect(await to.db.deletion.count()).toBe(2);
});

test("a damaged backup restores nothing", async () => {
  const [from, to] = [await open(), await open()];
  await from.db.user.create({ data: { id: "u", email: "a@example.com", createdAt: new Date(1) } });
  const { tables } = await dumpTables(from.pool, options());
  await writeFile(join(dir, tableFile("User")), gzipSync(""));
  await expect(loadTables(to.pool, { ...options(), tables })).rejects.toThrow(
    "User of the backup is damaged",
  );
  expect(await to.db.user.count()).toBe(0);
});
