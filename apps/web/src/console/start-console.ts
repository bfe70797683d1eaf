import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createFermataServer, type FermataServer, type StoreFactory } from "@fermata/server";
import { diskStore } from "@fermata/server/stores";
import { announceConsole, loadApp, requireMigrated } from "fermata/internal";
import { type Env, EnvError, parseEnv } from "../env";
import { createLog } from "../log";
import { chooseStore } from "../object-store";
import { serveConsole } from "./serve-console";

/**
 * `FERMATA_CONSOLE=1 npm start`: the console on the data of an app that mounts Fermata. Nothing is migrated, and no job runs
 * here.
 * @throws EnvError, and CommandError where the app or its tables are not as they have to be
 */
export async function startConsole(
  source: Record<string, string | undefined>,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  const env = readEnv(source);
  const app = env.FERMATA_APP
    ? await loadApp(dirname(resolve(env.FERMATA_APP)), resolve(env.FERMATA_APP))
    : openData(env, source);
  undo.push(() => app.close());
  const operator = await requireMigrated(app);
  const served = await serveConsole(operator, { port: env.PORT });
  undo.push(() => served.close());
  process.stdout.write(`${announceConsole(served.link)}\n`);
}

function readEnv(source: Record<string, string | undefined>): Env {
  // What these would sign leads nowhere but here, and ends with this process.
  const own = randomBytes(48).toString("base64url");
  const env = parseEnv({
    FERMATA_SECRET: own,
    NEXTAUTH_SECRET: own,
    ...(source.FERMATA_APP && { DATABASE_URL: "postgresql://127.0.0.1/of-the-app" }),
    ...Object.fromEntries(Object.entries(source).filter(([, value]) => value)),
  });
  if (env.HOST !== "127.0.0.1")
    throw new EnvError("The console of an app's data listens on 127.0.0.1 alone: unset HOST.");
  return env;
}

/** What the database alone knows: no names of users, no jobs of the app's own. */
function openData(env: Env, source: Record<string, string | undefined>): FermataServer {
  return createFermataServer({
    database: { url: env.DATABASE_URL, schema: env.FERMATA_SCHEMA },
    secret: env.FERMATA_SECRET,
    store: storeOf(env, source),
    identify: () => null,
    inngest: { id: env.INNGEST_APP_ID },
    log: createLog(env),
  });
}

function storeOf(env: Env, source: Record<string, string | undefined>): StoreFactory {
  if (source.S3_ENDPOINT) return chooseStore(env);
  const directory = env.FERMATA_FILES;
  if (!directory || !existsSync(directory))
    throw new EnvError(
      "Where are the app's bytes? Set FERMATA_FILES to the directory of its disk store, or the S3_* variables of its buckets.",
    );
  return diskStore({ directory });
}
