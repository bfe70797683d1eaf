import { randomUUID } from "node:crypto";
import { escapeIdentifier } from "pg";
import type { MigrationSession } from "./migration-session";
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

function books({ schema }: MigrationSession): string {
  return `${escapeIdentifier(schema)}._prisma_migrations`;
}

export async function createBooks(session: MigrationSession): Promise<void> {
  const { client, schema } = session;
  // Also where it exists, the right to create one is asked for.
  const { rowCount } = await client.query("SELECT FROM pg_namespace WHERE nspname = $1", [schema]);
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${escapeIdentifier(schema)}`);
  await client.query(`CREATE TABLE IF NOT EXISTS ${books(session)} (
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
export async function readBooks(session: MigrationSession): Promise<BookedMigration[]> {
  const { rows: found } = await session.client.query<{ present: boolean }>(
    "SELECT to_regclass($1) IS NOT NULL AS present",
    [books(session)],
  );
  if (!found[0]?.present) return [];
  const { rows } = await session.client.query<BookedMigration>(
    `SELECT migration_name, checksum, finished_at, rolled_back_at, started_at, logs
     FROM ${books(session)} ORDER BY started_at`,
  );
  return rows;
}

/** Returns the row's id. */
export async function bookStart(session: MigrationSession, migration: Migration): Promise<string> {
  const id = randomUUID();
  await session.client.query(
    `INSERT INTO ${books(session)} (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())`,
    [id, migration.checksum, migration.name],
  );
  return id;
}

export async function bookSuccess(session: MigrationSession, id: string): Promise<void> {
  await session.client.query(
    `UPDATE ${books(session)} SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1`,
    [id],
  );
}

export async function bookFailure(
  session: MigrationSession,
  id: string,
  logs: string,
): Promise<void> {
  await session.client.query(`UPDATE ${books(session)} SET logs = $2 WHERE id = $1`, [id, logs]);
}
