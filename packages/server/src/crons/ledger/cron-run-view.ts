import type { CronRun } from "@fermata/contract";
import type { CronRun as CronRunRow } from "../../generated/prisma/client";

/** A row without what only its own page shows. */
export const withoutDetail = { log: true, engineRunId: true, engineEventId: true } as const;

/** How a row is told. A running row whose lease is over is lost already, even before the row says so. */
export function toCronRun(row: Omit<CronRunRow, keyof typeof withoutDetail>, now: Date): CronRun {
  return {
    runId: row.id,
    slot: row.slot.toISOString(),
    trigger: row.trigger,
    status: statusOf(row, now),
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    result: row.result,
    error: row.error,
    attempt: row.attempt,
    waitsUntil: row.status === "running" ? (row.resumeAt?.toISOString() ?? null) : null,
  };
}

export function statusOf(row: Pick<CronRunRow, "status" | "leaseExpiresAt">, now: Date) {
  return row.status === "running" && row.leaseExpiresAt < now ? "lost" : row.status;
}
