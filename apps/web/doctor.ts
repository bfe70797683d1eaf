import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkTurn, type Diagnosis } from "fermata/internal";
import { checkBucket } from "./src/doctor/check-bucket";
import { checkDatabase } from "./src/doctor/check-database";
import { checkInngest } from "./src/doctor/check-inngest";
import { checkOwner } from "./src/doctor/check-owner";
import { printDiagnosis } from "./src/doctor/print-diagnosis";
import { readS3Settings } from "./src/doctor/s3-settings";
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
  });
  try {
    const { objects, ice } = composition.services;
    const bucket = await checkBucket(objects, readS3Settings(env));
    return [
      { part: "environment", ok: true, finding: "every variable that is set fits" },
      await checkDatabase(env.DATABASE_URL, migrationsDir),
      ...bucket,
      // A store that does not answer does not say whose it is.
      ...(bucket.every(({ ok, part }) => ok || !part.startsWith("store"))
        ? [await checkOwner(composition.services)]
        : []),
      await checkTurn(ice, {
        keyId: "CLOUDFLARE_TURN_KEY_ID",
        apiToken: "CLOUDFLARE_TURN_API_TOKEN",
        secret: "COTURN_SECRET",
        username: "TURN_USERNAME",
        credential: "TURN_CREDENTIAL",
        coturnUrls: "COTURN_URLS",
        staticUrls: "TURN_URLS",
      }),
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
