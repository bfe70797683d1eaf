import { ensureTemplate } from "./template-database";
import { MIGRATIONS_DIR } from "./test-paths";
import { acquireTestPostgres } from "./test-postgres";
import { TEST_POSTGRES_URL_VARIABLE } from "./test-postgres-url-variable";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Vitest's global setup: a PostgreSQL for the run, with the migrated template ready to be cloned. Returns the teardown. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await acquireTestPostgres();
  // Vitest does not tear down when it is interrupted.
  const abandon = () => {
    stopListening();
    server.abandon();
  };
  const endBy = (signal: NodeJS.Signals) => {
    abandon();
    // A handler takes the place of the signal's usual effect.
    process.kill(process.pid, signal);
  };
  const stopListening = () => {
    process.off("exit", abandon);
    for (const signal of SIGNALS) process.off(signal, endBy);
  };
  process.on("exit", abandon);
  for (const signal of SIGNALS) process.on(signal, endBy);

  process.env[TEST_POSTGRES_URL_VARIABLE] = server.url;
  try {
    await ensureTemplate(server.url, MIGRATIONS_DIR);
  } catch (error) {
    stopListening();
    await server.release();
    throw error;
  }
  return async () => {
    stopListening();
    await server.release();
  };
}
