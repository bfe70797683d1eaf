import { randomUUID } from "node:crypto";
import { Client, type ClientBase, escapeIdentifier } from "pg";
import { MigrationError } from "./migration-error";
import type { Migration } from "./read-migrations";

/** One row of Prisma's table of migrations. */
export interface BookedMigration {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
  started_at: Date;
  logs: string | null;
}

/** The advisory lock that Prisma's own engine takes, so that it and we exclude each other. */
const PRISMA_LOCK_ID = 72_707_369;
const LOCK_TIMEOUT_SECONDS = 60;

/** Connects for `work`, honouring the `schema` parameter of Prisma's URLs. */
export async function withMigrationClient<T>(
  url: string,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const target = new URL(url);
  const schema = target.searchParams.get("schema");
  target.searchParams.delete("schema");
  const client = new Client({ connectionString: target.toString() });
  // A dropped connection is reported by the query that meets it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    if (schema) await client.query(`SET search_path TO ${escapeIdentifier(schema)}`);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Held until the connection ends. */
export async function lockBooks(client: ClientBase): Promise<void> {
  try {
    await client.query(`SET lock_timeout = '${LOCK_TIMEOUT_SECONDS}s'`);
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_LOCK_ID]);
    await client.query("RESET lock_timeout");
  } catch (cause) {
    if ((cause as { code?: string }).code !== "55P03") throw cause;
    throw new MigrationError(
      "P1002",
      `Another process has been migrating this database for ${LOCK_TIMEOUT_SECONDS} s. Start again when it is done.`,
      { cause },
    );
  }
}

export async function createBooks(client: ClientBase, url: string): Promise<void> {
  const schema = new URL(url).searchParams.get("schema");
  if (schema) await client.query(`CREATE SCHEMA IF NOT EXISTS ${escapeIdentifier(schema)}`);
  await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`);
}

/** An absent table reads as an empty one. */
export async function readBooks(client: ClientBase): Promise<BookedMigration[]> {
  const { rows: found } = await client.query<{ present: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present",
  );
  if (!found[0]?.present) return [];
  const { rows } = await client.query<BookedMigration>(
    `SELECT migration_name, checksum, finished_at, rolled_back_at, started_at, logs
     FROM _prisma_migrations ORDER BY started_at`,
  );
  return rows;
}

/** Returns the row's id. */
export async function bookStart(client: ClientBase, migration: Migration): Promise<string> {
  const id = randomUUID();
  await client.query(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)",
    [id, migration.checksum, migration.name],
  );
  return id;
}

export async function bookSuccess(client: ClientBase, id: string): Promise<void> {
  await client.query(
    "UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1",
    [id],
  );
}

export async function bookFailure(client: ClientBase, id: string, logs: string): Promise<void> {
  await client.query("UPDATE _prisma_migrations SET logs = $2 WHERE id = $1", [id, logs]);
}
