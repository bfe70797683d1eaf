import type { operations } from "@fermata/contract";
import type { z } from "zod";
import type { Services } from "../context";
import { version } from "../ground/version";
import { poolFigures, readLastBackup, readOutbox } from "./figures";
import { findNeeds } from "./find-needs";

/** How this process, its database and its jobs fare. */
export async function readHealth(ctx: Services): Promise<z.input<typeof operations.health.output>> {
  const checks = await ctx.checks();
  const [needs, outbox, lastBackup, { rows }] = await Promise.all([
    findNeeds(ctx, checks),
    readOutbox(ctx),
    readLastBackup(ctx),
    ctx.pool.query<{ postgres: string; schema: string | null }>(
      `SELECT current_setting('server_version') AS postgres,
         (SELECT max("migration_name") FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL) AS schema`,
    ),
  ]);
  return {
    needs,
    checks: checks.map(({ name, ok, remedy, notice }) => ({
      name,
      ok,
      ...(remedy && { remedy }),
      ...(notice && { notice }),
    })),
    process: ctx.process.figures,
    pool: poolFigures(ctx),
    requests: ctx.inFlight.figures,
    outbox: {
      waiting: outbox.waiting,
      oldestAt: outbox.oldestAt?.toISOString() ?? null,
      refused: outbox.refused,
    },
    lastBackup,
    versions: {
      fermata: version,
      node: process.versions.node,
      postgres: rows[0]?.postgres.split(" ")[0] ?? "",
      schema: rows[0]?.schema ?? "",
    },
  };
}
