import { fileURLToPath } from "node:url";
import { applyMigrations } from "@fermata/migrations";
import { parseEnv, processEnv } from "./src/env";
import { directUrl } from "./src/server";

// A step of a deployment's build: the release before runs on what it leaves, so it comes before the new one is asked.
const { applied } = await applyMigrations({
  url: directUrl(parseEnv(processEnv())),
  migrationsDir: fileURLToPath(new URL("../../../prisma/migrations", import.meta.url)),
  onWarning: (message) => process.stderr.write(`${message}\n`),
});
process.stdout.write(`Migrations applied: ${applied.length}.\n`);
