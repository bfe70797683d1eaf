import { rm } from "node:fs/promises";
import { createTestDatabase } from "@fermata/embedded/testing";
import { query } from "@fermata/embedded/testing/query";
import { describe, expect, test, vi } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { signInAdmin } from "./setup/rpc";
import { startSelfHosted, withClockAhead } from "./setup/start-server";
import { targets } from "./setup/targets";

const HOUR_MS = 3_600_000;
const purge = "purge expired signaling";
const secret = "the secret of a server that lives for one test";
const startsServers = targets.some(({ name }) => name === "self-hosted");

interface Run {
  runId: string;
  slot: string;
  status: string;
  error: string | null;
}

describe.runIf(startsServers)("a server whose clock is an hour off PostgreSQL's", () => {
  test.each([
    ["ahead", HOUR_MS],
    ["behind", -HOUR_MS],
  ])(
    "%s makes up for what was missed, and runs what is asked for, at once",
    async (_where, aheadMs) => {
      const database = await createTestDatabase();
      const dataDir = await makeDataDir();
      // As if it had been away for three hours.
      const lastMs = (Math.floor(Date.now() / HOUR_MS) - 3) * HOUR_MS;
      await query(
        database.url,
        `INSERT INTO "CronRun" ("id", "job", "slot", "trigger", "status", "startedAt", "finishedAt", "leaseExpiresAt")
       SELECT 'before', '${purge}', at, 'schedule', 'succeeded', at, at, at FROM to_timestamp(${lastMs / 1000}) AS at`,
      );
      const server = await startSelfHosted(dataDir, undefined, {
        DATABASE_URL: database.url,
        FERMATA_SECRET: secret,
        NEXTAUTH_SECRET: secret,
        ...withClockAhead(aheadMs),
      });
      try {
        const admin = await signInAdmin(server.target);
        const { data } = await admin.mutate("crons.trigger", { name: "purge cron history" });
        const runs = async (name: string): Promise<Run[]> =>
          (await admin.query("crons.runs", { name, limit: 100 })).data.items;
        const soon = { timeout: 20_000, interval: 200 };
        const asked = await vi.waitUntil(
          async () =>
            (await runs("purge cron history")).find(
              ({ runId, status }) => runId === data.runId && status !== "running",
            ),
          soon,
        );
        expect(asked.status).toBe("succeeded");

        const late = await vi.waitUntil(
          async () => (await runs(purge)).find(({ status }) => status === "failed"),
          soon,
        );
        expect(late.error).toContain("nothing is deleted by its age");
        const hoursLater = (Date.parse(late.slot) - lastMs) / HOUR_MS;
        // The hour may be over by now.
        expect([3, 4]).toContain(hoursLater);
        const rows = await runs(purge);
        expect(rows.filter(({ status }) => status === "skipped").length).toBeGreaterThanOrEqual(2);
        expect(rows.filter(({ slot }) => Date.parse(slot) > Date.now())).toEqual([]);
      } finally {
        await server.stop();
        await database.drop();
        await rm(dataDir, { recursive: true, force: true });
      }
    },
  );
});
