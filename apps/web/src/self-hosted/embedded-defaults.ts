import { chmod } from "node:fs/promises";
import { resolve } from "node:path";
import { type EmbeddedPostgres, startPostgres, withUserPassword } from "@fermata/embedded/postgres";
import { type Env, parseEnv, tidy } from "../env";
import { holdsObjects } from "./holds-objects";
import { readSecrets } from "./secrets";

export interface EmbeddedDefaults {
  env: Env;
  dataDir: string;
  /** Null where DATABASE_URL names a database of one's own. */
  postgres: EmbeddedPostgres | null;
  /** The key that signs the embedded runner's calls; null where a real Inngest runs the jobs. */
  runnerSigningKey: string | null;
}

/** Fills in what the environment leaves open: the database, the secrets, the runner. What is set steps in for it. */
export async function provideDefaults(
  source: Record<string, string | undefined>,
  onProgress: (message: string) => void,
): Promise<EmbeddedDefaults> {
  const given = tidy(source);
  const dataDir = resolve(given.FERMATA_DATA ?? ".fermata");
  const secrets = await readSecrets(dataDir);
  // Files of releases that let others read are behind it.
  await chmod(resolve(dataDir, "objects"), 0o700).catch(() => {});
  const { INNGEST_SIGNING_KEY: runnerSigningKey, ...webSecrets } = secrets;
  // Before PostgreSQL is started: a mistake in any variable should cost no wait.
  const draft: Record<string, string> = {
    ...webSecrets,
    ...given,
    FERMATA_DATA: dataDir,
  };
  if (draft.DATABASE_URL) draft.DATABASE_URL = withUserPassword(draft.DATABASE_URL);
  const env = parseEnv({ DATABASE_URL: "postgresql://127.0.0.1/embedded", ...draft });
  const realInngest = Boolean(
    env.INNGEST_DEV || env.INNGEST_EVENT_KEY || env.INNGEST_SIGNING_KEY || env.INNGEST_BASE_URL,
  );
  if (draft.DATABASE_URL) {
    return {
      env,
      dataDir,
      postgres: null,
      runnerSigningKey: realInngest ? null : runnerSigningKey,
    };
  }
  const postgres = await startPostgres({
    dataDir: resolve(dataDir, "postgres"),
    database: "fermata",
    expected: (await holdsObjects(resolve(dataDir, "objects")))
      ? `The files that it describes are here, in ${resolve(dataDir, "objects")}; if it was at a DATABASE_URL, set that again.`
      : null,
    onProgress,
  });
  return {
    env: { ...env, DATABASE_URL: postgres.url },
    dataDir,
    postgres,
    runnerSigningKey: realInngest ? null : runnerSigningKey,
  };
}
