import type { Pool, PoolClient } from "pg";

/** A transaction that waits longer for a lock, or for this process, is given up: others wait for what it holds. */
const beginText =
  "BEGIN; SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '10s'";

/**
 * Runs statements written by hand in one transaction, for a fraction of what Prisma's costs.
 * `work` must not ask for another connection: once everybody holds one and waits for a second, nobody goes on.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: PoolClient) => Promise<T>,
): Promise<T> {
  const tx = await pool.connect();
  let failure: Error | undefined;
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
    await tx.query("COMMIT");
    return result;
  } catch (error) {
    await tx.query("ROLLBACK").catch(onError);
    throw error;
  } finally {
    tx.off("error", onError);
    // One that could not be rolled back is of no use to the next.
    tx.release(failure);
  }
}
