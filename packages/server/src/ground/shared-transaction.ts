import { escapeIdentifier, type Pool } from "pg";
import { inTransaction } from "./in-transaction";
import { fromPg, type HostTransaction, type Transaction } from "./transaction";

export interface SharedWork<T> {
  /** Statements on our tables; null means that there is nothing for the app to do. They come first. */
  ours(tx: Transaction): Promise<T | null>;
  /** The app's own, which find its tables as its own connections do. */
  theirs(tx: HostTransaction, result: T): Promise<void>;
}

/** Both happen, or neither. @returns what `ours` gave */
export type SharedTransaction = <T>(work: SharedWork<T>) => Promise<T | null>;

/**
 * Transactions on the server's own connections, for an app that gave it no client of its own.
 * @param hostSchema where the app's tables are, where that is not what a connection of its role looks in
 */
export function poolTransaction(pool: Pool, hostSchema?: string): SharedTransaction {
  const path = hostSchema === undefined ? "DEFAULT" : escapeIdentifier(hostSchema);
  return <T>({ ours, theirs }: SharedWork<T>) =>
    inTransaction(
      pool,
      async (client) => {
        const tx = fromPg(client);
        const result = await ours(tx);
        if (result === null) return null;
        // The server's connections look in its own schema alone.
        await client.query(`SET LOCAL search_path TO ${path}`);
        await theirs({ ...tx, prisma: undefined as HostTransaction["prisma"] }, result);
        return result;
      },
      // What the app does in it is not ours to do twice.
      { once: true },
    );
}
