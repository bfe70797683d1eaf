// The purge of a hundred thousand unattached files, and then of the bytes of a tenth as many.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import { applyMigrations } from "@fermata/migrations";
import { createDiskObjectStore } from "@fermata/server/adapters/object-store/disk";
import type { QueryConfig } from "pg";
import { endingOf } from "../../../packages/server/src/adapters/object-store/disk/stored-object";
import { purgeUnattached } from "../../../packages/server/src/files/verbs/purge-unattached";
import { emptyDeletions } from "../../../packages/server/src/outbox/empty-deletions";
import { createServicesOn, jobContext } from "../../../packages/server/src/testing/test-context";
import { table } from "../statistics";

const files = Number(process.argv[2] ?? 100_000);
const kept = Math.ceil(files / 10);
/** Objects take long to lay out, and longer than rows to delete: fewer of them tell as much. */
const objectsToDelete = Math.ceil(files / 10);

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "fermata" });
const migrationsDir = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));
await applyMigrations({ url: postgres.url, migrationsDir });
const clock = { now: () => new Date() };
const objects = createDiskObjectStore({
  dir: join(dir, "store"),
  secret: "of this benchmark",
  clock,
  onPart: async () => {},
});
const services = await createServicesOn(postgres.url, { objects });

const ending = Buffer.concat([
  Buffer.from("words"),
  endingOf({ contentType: "text/plain", etag: '"x"' }),
]);

/** Where the disk store lays an object, in one file. Writing through to the disk, as it does, would take long. */
function writeObject(key: string): void {
  const fan = createHash("sha256").update(key).digest("hex").slice(0, 2);
  const place = join(dir, "store/objects/files", fan);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, key), ending);
}

async function fill(files: number, kept: number, withBytes: boolean): Promise<void> {
  const { pool } = services;
  await pool.query(
    `INSERT INTO "User" ("id", "email", "createdAt")
     SELECT 'user ' || n, n || '@example.com', now() FROM generate_series(0, 99) AS n ON CONFLICT DO NOTHING`,
  );
  const keys = Array.from({ length: files + kept }, () => randomBytes(16).toString("base64url"));
  for (let at = 0; at < keys.length; at += 10_000) {
    const page = keys.slice(at, at + 10_000);
    // Uploads of many users come mixed, some days ago; the last are young.
    await pool.query(
      `INSERT INTO "File" ("id", "uploaderId", "status", "objectKey", "sizeBytes", "contentType", "sha256", "createdAt",
         "readyAt", "grantTokenHash", "grantExpiresAt")
       SELECT key, 'user ' || n % 100, 'ready', key, 5, 'text/plain', md5(key), at, at, decode(md5(key), 'hex'), at
       FROM unnest($1::text[]) WITH ORDINALITY AS k(key, n),
         LATERAL (SELECT now() - CASE WHEN n + $2 > $3 THEN interval '1 hour' ELSE interval '3 days' - interval '1 ms' * n END AS at) t`,
      [page, at, files],
    );
    if (withBytes) for (const key of page) writeObject(key);
  }
  await pool.query("VACUUM ANALYZE");
}

/** How long each statement that deletes files took: it is a transaction of its own, so no lock is held longer. */
const statementMs: number[] = [];
const pool = new Proxy(services.pool, {
  get: (target, key) =>
    key === "query"
      ? async (query: string | QueryConfig, values?: unknown[]) => {
          const startedAt = performance.now();
          const result = await target.query(query as string, values);
          const text = typeof query === "string" ? query : query.text;
          if (text.includes('DELETE FROM "File"')) {
            statementMs.push(performance.now() - startedAt);
          }
          return result;
        }
      : Reflect.get(target, key),
});

try {
  const ctx = { ...jobContext(services), pool };
  await fill(files, kept, false);
  const rowsStartedAt = performance.now();
  const { purged } = await purgeUnattached(ctx);
  const rowSeconds = (performance.now() - rowsStartedAt) / 1000;
  if (purged !== files) throw new Error(`${purged} files were purged`);
  const batches = [...statementMs];

  await services.pool.query('TRUNCATE "Deletion"');
  await fill(objectsToDelete, 0, true);
  await purgeUnattached(ctx);
  const bytesStartedAt = performance.now();
  const { deleted } = await emptyDeletions(ctx);
  const byteSeconds = (performance.now() - bytesStartedAt) / 1000;
  if (deleted !== objectsToDelete) throw new Error(`the bytes of ${deleted} files were deleted`);

  const rate = (count: number, seconds: number) =>
    Math.round(count / seconds).toLocaleString("en-US");
  const longestMs = Math.max(...batches).toFixed(0);
  console.log(`\n${files} of ${files + kept} files purged, of a hundred users, in one run\n`);
  console.log(
    table(
      ["", "total, s", "per second", "batches", "longest, ms"],
      [
        [
          "rows, with outbox and usage",
          rowSeconds.toFixed(1),
          rate(files, rowSeconds),
          String(batches.length),
          longestMs,
        ],
        [
          `bytes of ${objectsToDelete} on the disk store`,
          byteSeconds.toFixed(1),
          rate(objectsToDelete, byteSeconds),
          "",
          "",
        ],
      ],
    ),
  );
  console.log(`\nno lock is held longer than ${longestMs} ms (target 100)`);
} finally {
  await services.dispose();
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}
