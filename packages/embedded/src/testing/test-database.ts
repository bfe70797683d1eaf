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
  /** Ends its sessions and drops it. What is never dropped, a later run drops. */
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
    drop: async () => {
      await withAdmin(serverUrl, (admin) =>
        admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      );
    },
  };
}
