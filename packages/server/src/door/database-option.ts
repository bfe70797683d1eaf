import type { PoolLike } from "../ground/pool-like";
import type { StatementNames } from "../ground/statement-names";

interface Placement {
  /** The PostgreSQL schema of Fermata's tables. Default `fermata`; several servers on one database take one each. */
  schema?: string;
  /** Connections that Fermata holds at most, where it opens them itself. Default 10. */
  maxConnections?: number;
  /** A way past a transaction pooler, for what needs a session of its own: LISTEN, and migrations. */
  directUrl?: string;
  /** Whether statements are prepared under a name. Default `auto`: not behind a pooler. */
  statementNames?: StatementNames;
}

/** What is used of a Prisma client. */
export interface PrismaLike {
  $transaction<T>(
    work: (tx: {
      $queryRawUnsafe(text: string, ...values: unknown[]): Promise<unknown>;
    }) => Promise<T>,
  ): Promise<T>;
}

export type DatabaseOption = Placement &
  (
    | { url: string; pool?: never; prisma?: never }
    /** A pool of node-postgres: Fermata's statements go over its connections, beside yours. It is never ended. */
    | { pool: PoolLike; url?: never; prisma?: never }
    /**
     * Work of yours runs in this client's transactions. Fermata's own statements go over its adapter's pool, or over
     * connections of its own to where its adapter leads; to `url` where you give one.
     */
    | { prisma: PrismaLike; url?: string; pool?: never }
  );
