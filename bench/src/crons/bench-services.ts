import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import { applyMigrations } from "@fermata/migrations";
import {
  createServicesOn,
  type TestServices,
} from "../../../packages/server/src/testing/test-context";

const migrationsDir = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

/** Services on a PostgreSQL of their own with the settings of `npm start`. */
export async function openBenchServices(): Promise<TestServices> {
  const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
  const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "fermata" });
  await applyMigrations({ url: postgres.url, migrationsDir });
  const services = await createServicesOn(postgres.url);
  return {
    ...services,
    async dispose() {
      await services.dispose();
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
