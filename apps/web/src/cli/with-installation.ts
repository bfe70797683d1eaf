import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { applyMigrations, migrationNames } from "@fermata/migrations";
import type { Ground, Terminal } from "fermata/internal";
import { createLog } from "../log";
import { provideDefaults } from "../self-hosted/embedded-defaults";
import { compose, directUrl } from "../server";

type Work = Parameters<Ground["withInstallation"]> extends [unknown, ...infer Rest] ? Rest : never;

/** Opens the installation that the environment names, beside a server that runs on it or without one. */
export async function withInstallation(
  env: Terminal["env"],
  ...[work, options]: Work
): Promise<void> {
  const secretsFile = resolve(env.FERMATA_DATA || ".fermata", "secrets.json");
  await options?.before(secretsFile);
  const defaults = await provideDefaults(env, () => {});
  const { postgres } = defaults;
  try {
    await applyMigrations({ url: directUrl(defaults.env), migrationsDir: findMigrations() });
    const composition = compose(defaults.env, {
      log: createLog({ LOG_LEVEL: "silent" }),
      embeddedDatabase: postgres !== null,
      runner: null,
    });
    try {
      const { fermata, services } = composition;
      const whatLives = async () =>
        (await services.db.user.count()) > 0
          ? "The database already holds users: a backup is not restored over something that lives. Name an empty folder in FERMATA_DATA, or an empty database in DATABASE_URL. Nothing was changed."
          : null;
      await work({
        ...fermata.operator,
        migrations: () => migrationNames(findMigrations()),
        secretsFile,
        whatLives,
      });
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
