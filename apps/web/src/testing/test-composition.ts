import { createTestDatabase } from "@fermata/embedded/testing";
import { parseEnv } from "../env";
import { createLog } from "../log";
import { type Composition, compose } from "../server";

/** The whole product on a database of its own, with an engine that takes every run and never begins one. */
export async function openTestComposition(
  dataDir = "/nonexistent",
  more: Record<string, string> = {},
): Promise<{ composition: Composition; close(): Promise<void> }> {
  const database = await createTestDatabase();
  const env = parseEnv({
    DATABASE_URL: database.url,
    FERMATA_SECRET: "s".repeat(32),
    NEXTAUTH_SECRET: "n".repeat(32),
    FERMATA_DATA: dataDir,
    ...more,
  });
  const composition = compose(env, {
    log: createLog({ LOG_LEVEL: "silent" }),
    embeddedDatabase: true,
    runner: {
      signingKey: `signkey-embedded-${"0".repeat(64)}`,
      fetch: async () => Response.json({ ids: ["1"], status: 200 }),
    },
  });
  return {
    composition,
    async close() {
      await composition.close();
      await database.drop();
    },
  };
}
