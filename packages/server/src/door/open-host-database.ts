import { type Database, openDatabase } from "../ground/db";
import { createTableQualifier } from "../ground/qualify-tables";
import { poolTransaction, type SharedTransaction } from "../ground/shared-transaction";
import { fromPrisma, type HostTransaction, type Transaction } from "../ground/transaction";
import type { Logger } from "../ports/logger";
import { FermataOptionError } from "./fermata-error";

/** The schema of our tables in a database of somebody else's. */
export const defaultSchema = "fermata";

interface Placement {
  /** The PostgreSQL schema of Fermata's tables. Default `fermata`; several servers on one database take one each. */
  schema?: string;
  /** Connections that Fermata holds at most. Default 10. */
  maxConnections?: number;
}

/** What is read of a pool of node-postgres: where it leads. */
export interface PoolLike {
  options: {
    connectionString?: string | undefined;
    host?: string | undefined;
    port?: number | undefined;
    user?: string | undefined;
    password?: unknown;
    database?: string | undefined;
  };
  ended?: boolean;
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
    /** Its settings are taken over; Fermata holds connections of its own. */
    | { pool: PoolLike; url?: never; prisma?: never }
    /** Work of yours runs in this client's transactions; Fermata's own statements go over connections of its own to `url`. */
    | { prisma: PrismaLike; url: string; pool?: never }
  );

export interface HostDatabase extends Database {
  /** With the schema, as Prisma writes it. */
  url: string;
  transaction: SharedTransaction;
  /** A transaction of the app's, as one for our statements. */
  ours(tx: Transaction): Transaction;
}

/** @throws FermataOptionError */
export function openHostDatabase(option: DatabaseOption, log: Logger): HostDatabase {
  const schema = option.schema ?? defaultSchema;
  const url = withSchema(urlOf(option), schema);
  const { maxConnections } = option;
  const database = openDatabase({ url, log, ...(maxConnections && { maxConnections }) });
  const qualify = createTableQualifier(schema);
  const ours = (tx: Transaction): Transaction => ({
    query: (text, values) => tx.query(qualify(text), values),
  });
  return {
    ...database,
    url,
    ours,
    transaction: option.prisma
      ? prismaTransaction(option.prisma, ours)
      : poolTransaction(database.pool),
  };
}

/** Work of ours and of the app's in a transaction of the app's own client. */
function prismaTransaction(
  prisma: PrismaLike,
  ours: (tx: Transaction) => Transaction,
): SharedTransaction {
  return (work) =>
    prisma.$transaction(async (client) => {
      const tx = fromPrisma(client);
      const result = await work.ours(ours(tx));
      if (result !== null)
        await work.theirs({ ...tx, prisma: client as HostTransaction["prisma"] }, result);
      return result;
    });
}

function urlOf(option: DatabaseOption): string {
  const { url, pool } = option;
  if (url !== undefined) {
    if (/^postgres(ql)?:\/\//.test(url)) return url;
    throw new FermataOptionError("database.url", "is no postgresql:// URL.");
  }
  if (!pool) {
    throw new FermataOptionError("database", "needs a url, a pool, or a Prisma client with a url.");
  }
  if (pool.ended) throw new FermataOptionError("database.pool", "was ended.");
  const { connectionString, host, port, user, password, database } = pool.options;
  if (connectionString) return connectionString;
  if (!host || !database || (password !== undefined && typeof password !== "string")) {
    throw new FermataOptionError("database.pool", "says no connectionString: give database.url.");
  }
  const target = new URL(`postgresql://${host}:${port ?? 5432}/${database}`);
  target.username = encodeURIComponent(user ?? "");
  target.password = encodeURIComponent(password ?? "");
  return target.href;
}

function withSchema(url: string, schema: string): string {
  const target = new URL(url);
  target.searchParams.set("schema", schema);
  return target.href;
}
