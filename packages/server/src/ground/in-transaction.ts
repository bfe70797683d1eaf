import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { databaseLimits } from "./database-client";
import { databaseFailureOf } from "./database-failure";

/** A transaction that waits longer for a lock, or for this process, is given up: others wait for what it holds. */
const beginText = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '10s'; SET LOCAL statement_timeout = ${databaseLimits.statementMs}`;
const attempts = { most: 3, pauseMs: 50 };

/**
 * Runs statements written by hand in one transaction, for a fraction of what Prisma's costs. It begins again where the
 * connection broke or PostgreSQL told it to give way before it could commit, so `work` must do nothing but ask `tx`.
 * @param options.once for work that may do more than ask `tx`: it is not begun again
 * `work` must not ask for another connection: once everybody holds one and waits for a second, nobody goes on.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: PoolClient) => Promise<T>,
  options: { once?: boolean } = {},
): Promise<T> {
  const most = options.once ? 1 : attempts.most;
  for (let attempt = 1; ; attempt++) {
    const tx = await pool.connect();
    let failure: Error | undefined;
    let mayBeCommitted = false;
    // Unheard, the loss of a connection that is in use would end the process; the statement under way fails as well.
    const onError = (error: Error) => {
      failure = error;
    };
    tx.on("error", onError);
    try {
      // The first statement of `work` is sent behind it, without a look at its answer in between.
      const begun = tx.query(beginText);
      begun.catch(() => {});
      const result = await work(tx);
      await begun;
      mayBeCommitted = true;
      await tx.query("COMMIT");
      return result;
    } catch (error) {
      await tx.query("ROLLBACK").catch(onError);
      if (mayBeCommitted || attempt === most || !isWorthRepeating(error)) throw error;
    } finally {
      tx.off("error", onError);
      // One that could not be rolled back is of no use to the next.
      tx.release(failure);
    }
    await sleep(attempts.pauseMs * attempt);
  }
}

/** What took too long once would again; what was cut off or stood in the way would not. */
function isWorthRepeating(error: unknown): boolean {
  const failure = databaseFailureOf(error);
  const { code, message } = error as { code?: string; message?: string };
  if (failure === "away") return message !== "Query read timeout";
  return failure === "busy" && ["40P01", "40001", "42P05", "26000"].includes(code ?? "");
}
