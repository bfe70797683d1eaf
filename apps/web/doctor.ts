import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCors } from "./src/doctor/check-cors";
import { checkDatabase } from "./src/doctor/check-database";
import { checkInngest } from "./src/doctor/check-inngest";
import { checkStore } from "./src/doctor/check-store";
import { checkTurn } from "./src/doctor/check-turn";
import { type Diagnosis, printDiagnosis } from "./src/doctor/diagnosis";
import { EnvError, processEnv } from "./src/env";
import { createLog } from "./src/log";
import { provideDefaults } from "./src/self-hosted/embedded-defaults";
import { compose } from "./src/server";

const here = dirname(fileURLToPath(import.meta.url));
const webDir = here.endsWith("dist") ? dirname(here) : here;
const migrationsDir = resolve(webDir, "../../prisma/migrations");

/** Looks at everything that is configured, one line each: ok, or what to do. */
async function diagnose(): Promise<Diagnosis[]> {
  const { env, postgres } = await provideDefaults(processEnv(), () => {});
  const composition = compose(env, {
    log: createLog({ LOG_LEVEL: "silent" }),
    embeddedDatabase: postgres !== null,
    runner: null,
    pendingMigrations: async () => [],
  });
  try {
    const { objects, ice } = composition.services;
    return [
      { part: "environment", ok: true, finding: "every variable that is set fits" },
      await checkDatabase(env.DATABASE_URL, migrationsDir),
      ...(await checkStore(objects)),
      ...(env.S3_ENDPOINT ? await checkCors(objects, env) : []),
      await checkTurn(ice),
      await checkInngest(env),
    ];
  } finally {
    await composition.close();
    await postgres?.stopIfUnused();
  }
}

diagnose()
  .catch((error: unknown): Diagnosis[] => {
    if (!(error instanceof EnvError)) throw error;
    return [{ part: "environment", ok: false, finding: "does not fit", remedy: error.message }];
  })
  .then((diagnoses) => {
    for (const diagnosis of diagnoses) printDiagnosis(diagnosis);
    process.exit(diagnoses.every(({ ok }) => ok) ? 0 : 1);
  });
