import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "../context";
import { AppError } from "../ground/errors";
import { bytesDeletedAt } from "./list-deletions";

const pollMs = 100;

/**
 * Waits until the store has confirmed that the bytes of a deleted file, and of its smaller copies, are gone.
 * @returns the instant, or null when that did not come within the time
 * @throws AppError NOT_FOUND where no such file was deleted in the last thirty days
 */
export async function awaitDeletion(
  ctx: Pick<Services, "pool">,
  storageId: string,
  { timeoutSeconds }: { timeoutSeconds: number },
): Promise<Date | null> {
  const until = performance.now() + timeoutSeconds * 1000;
  while (true) {
    const { rows } = await ctx.pool.query<{ entries: number; at: Date | null }>(
      `SELECT count(*)::int AS entries, ${bytesDeletedAt} AS at FROM "Deletion" c
       WHERE c."storageId" = $1 AND NOT EXISTS (SELECT 1 FROM "File" f WHERE f."id" = $1)`,
      [storageId],
    );
    if (!rows[0]?.entries) throw new AppError("NOT_FOUND");
    if (rows[0].at || performance.now() >= until) return rows[0].at;
    await sleep(pollMs);
  }
}
