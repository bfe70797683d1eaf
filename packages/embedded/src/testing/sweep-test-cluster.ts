import { isLeftover } from "./owned-name";
import { TEMPLATE_PREFIX, templateName } from "./template-database";
import { TEST_DATABASE_PREFIX } from "./test-database-name";
import { MIGRATIONS_DIR } from "./test-paths";
import { listDatabases, withAdmin } from "./with-admin";

/** Drops the databases of runs that were killed, and the templates of other migrations. Only for the cluster's sole user. */
export async function sweepTestCluster(serverUrl: string): Promise<void> {
  const current = templateName(MIGRATIONS_DIR);
  await withAdmin(serverUrl, async (admin) => {
    for (const name of await listDatabases(admin)) {
      const isOldTemplate = name.startsWith(TEMPLATE_PREFIX) && name !== current;
      if (isOldTemplate || isLeftover(TEST_DATABASE_PREFIX, name)) {
        await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }
    }
  });
}
