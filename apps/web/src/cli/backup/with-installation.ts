import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyMigrations, migrationNames } from "@fermata/migrations";
import type { Services } from "@fermata/server/internal";
import { createLog } from "../../log";
import { provideDefaults } from "../../self-hosted/embedded-defaults";
import { compose, directUrl } from "../../server";

export interface Installation {
  services: Services;
  schema: string;
  dataDir: string;
  /** Of this release, by name. */
  migrations: string[];
}

/** Opens the installation that the environment names, beside a server that runs on it or without one. */
export async function withInstallation(
  env: Record<string, string | undefined>,
  work: (installation: Installation) => Promise<void>,
): Promise<void> {
  const defaults = await provideDefaults(env, () => {});
  const { postgres, dataDir } = defaults;
  try {
    const migrationsDir = findMigrations();
    await applyMigrations({ url: directUrl(defaults.env), migrationsDir });
    const composition = compose(defaults.env, {
      log: createLog({ LOG_LEVEL: "silent" }),
      embeddedDatabase: postgres !== null,
      runner: null,
    });
    try {
      const { services, schema } = composition;
      await work({ services, schema, dataDir, migrations: migrationNames(migrationsDir) });
    } finally {
      await composition.close();
    }
  } finally {
    await postgres?.stopIfUnused();
  }
}

/** This file runs as it is, and from `dist/`. */
function findMigrations(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const found = join(dir, "prisma", "migrations");
    if (existsSync(found)) return found;
    if (dir === dirname(dir)) throw new Error("prisma/migrations is not beside this program");
  }
}
