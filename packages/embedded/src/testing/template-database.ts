import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { applyMigrations } from "@fermata/migrations";
import { readMigrations } from "@fermata/migrations/read-migrations";
import { listDatabases, withAdmin } from "./with-admin";

export const TEMPLATE_PREFIX = "fermata_template_";
const BUILD_LOCK_ID = 72_707_370;

/** Named after the migrations' content: changed migrations mean another template. */
export function templateName(migrationsDir: string): string {
  const hash = createHash("sha256");
  const migrations = existsSync(migrationsDir) ? readMigrations(migrationsDir) : [];
  for (const { name, checksum } of migrations) hash.update(`${name}\n${checksum}\n`);
  return `${TEMPLATE_PREFIX}${hash.digest("hex").slice(0, 16)}`;
}

/** Makes the migrated database that tests clone, unless it is there; returns its name. */
export async function ensureTemplate(serverUrl: string, migrationsDir: string): Promise<string> {
  const template = templateName(migrationsDir);
  await withAdmin(serverUrl, async (admin) => {
    if ((await listDatabases(admin)).includes(template)) return;
    await admin.query("SELECT pg_advisory_lock($1)", [BUILD_LOCK_ID]);
    if ((await listDatabases(admin)).includes(template)) return;

    // Built under another name, so that nobody clones it half migrated.
    const building = `${template}_building`;
    await admin.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${building}`);
    if (existsSync(migrationsDir)) {
      await applyMigrations({
        url: databaseUrl(serverUrl, building),
        migrationsDir,
      });
    }
    // A template with a session on it cannot be cloned.
    await admin.query(`ALTER DATABASE ${building} WITH ALLOW_CONNECTIONS false`);
    await admin.query(`ALTER DATABASE ${building} RENAME TO ${template}`);
  });
  return template;
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.toString();
}
