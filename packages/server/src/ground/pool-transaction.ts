import type { Pool } from "pg";
import { inTransaction } from "./in-transaction";
import { fromPg, type HostTransaction } from "./transaction";

/** Transactions on the server's own connections, for an app that gave it no client of its own. */
export function poolTransaction(pool: Pool) {
  return <T>(work: (tx: HostTransaction) => Promise<T>): Promise<T> =>
    inTransaction(
      pool,
      (client) => work({ ...fromPg(client), prisma: undefined as HostTransaction["prisma"] }),
      // What the app does in it is not ours to do twice.
      { once: true },
    );
}
