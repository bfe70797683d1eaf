import type { Services } from "../context";

/** So often a store must have refused before somebody should look: the outbox tries again by itself. */
const manyAttempts = 5;

export interface OutboxFigures {
  waiting: number;
  oldestAt: Date | null;
  refused: number;
  /** What the store said last. */
  lastError: string | null;
}

export async function readOutbox({ pool }: Pick<Services, "pool">): Promise<OutboxFigures> {
  const { rows } = await pool.query<OutboxFigures>(
    `SELECT count(*)::int AS waiting, min("createdAt") AS "oldestAt",
       (count(*) FILTER (WHERE "attempts" >= ${manyAttempts} AND "lastError" IS NOT NULL))::int AS refused,
       max("lastError") FILTER (WHERE "attempts" >= ${manyAttempts}) AS "lastError"
     FROM "Deletion" WHERE "deletedAt" IS NULL`,
  );
  return rows[0] ?? { waiting: 0, oldestAt: null, refused: 0, lastError: null };
}

export function poolFigures({ pool }: Pick<Services, "pool">) {
  const { totalCount: open, idleCount: idle, waitingCount: waiting, options } = pool;
  return { size: options.max ?? 10, open, idle, waiting };
}

/** What the last look for missing bytes found. */
export async function readMissingBytes({ pool }: Pick<Services, "pool">): Promise<number> {
  const { rows } = await pool.query<{ missing: number | null }>(
    `SELECT ("result"->>'missing')::int AS missing FROM "CronRun"
     WHERE "job" = 'find missing bytes' AND "status" = 'succeeded' ORDER BY "startedAt" DESC LIMIT 1`,
  );
  return rows[0]?.missing ?? 0;
}

export async function readLastBackup({ pool }: Pick<Services, "pool">) {
  const { rows } = await pool.query<{ createdAt: Date; tableRows: string; objects: string }>(
    `SELECT "createdAt", "tableRows", "objects" FROM "Backup" ORDER BY "createdAt" DESC LIMIT 1`,
  );
  const [last] = rows;
  if (!last) return null;
  return {
    createdAt: last.createdAt.toISOString(),
    tableRows: Number(last.tableRows),
    objects: Number(last.objects),
  };
}
