import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { makeOwnedName } from "./owned-name";
import { databaseUrl, ensureTemplate } from "./template-database";
import { TEST_DATABASE_PREFIX } from "./test-database-name";
import { MIGRATIONS_DIR } from "./test-paths";
import { TEST_POSTGRES_URL_VARIABLE } from "./test-postgres-url-variable";
import { withAdmin } from "./with-admin";

export { type PgBouncer, startPgBouncer } from "./start-pgbouncer";
export { acquireTestPostgres, type TestPostgres } from "./test-postgres";
export {
  startThrowawayPostgres,
  type ThrowawayPostgres,
} from "./throwaway-postgres";

export interface TestDatabase {
  /** A migrated database that nobody else uses. */
  url: string;
  /** Drops it, with the sessions that are still open. What is never dropped, a later run drops. */
  drop(): Promise<void>;
}

const templates = new Map<string, Promise<string>>();

/**
 * Clones the migrated template. The server is the one that Vitest's global setup started; outside Vitest,
 * give the URL of `acquireTestPostgres()`.
 */
export async function createTestDatabase(
  serverUrl = process.env[TEST_POSTGRES_URL_VARIABLE],
): Promise<TestDatabase> {
  if (!serverUrl) {
    throw new Error(
      'There is no test cluster: set globalSetup: ["@fermata/embedded/testing/global-setup"] in vitest.config.ts.',
    );
  }
  const template = templates.get(serverUrl) ?? ensureTemplate(serverUrl, MIGRATIONS_DIR);
  templates.set(serverUrl, template);
  const source = await template;
  const name = makeOwnedName(TEST_DATABASE_PREFIX);
  // Copying the files is faster here than writing them to the log, since nothing waits for the disk.
  const create = `CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY FILE_COPY`;
  await withAdmin(serverUrl, (admin) => admin.query(create));
  return {
    url: databaseUrl(serverUrl, name),
    drop: () =>
      withAdmin(serverUrl, async (admin) => {
        await sessionsClosed(admin, name);
        await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/**
 * Waits a moment for sessions that are being closed: pg's Pool says that it has ended before its connections
 * have, and a session that is ended here meanwhile is an error that no listener takes.
 */
async function sessionsClosed(admin: Client, database: string): Promise<void> {
  const deadline = Date.now() + 500;
  const open = "SELECT FROM pg_stat_activity WHERE datname = $1";
  while ((await admin.query(open, [database])).rowCount && Date.now() < deadline) await sleep(5);
}
