import type pg from "pg";
import { BorrowedPool } from "../ground/borrowed-pool";
import { type Database, openDatabase, openDatabaseOn } from "../ground/db";
import { inTransaction } from "../ground/in-transaction";
import type { PoolLike } from "../ground/pool-like";
import { createTableQualifier } from "../ground/qualify-tables";
import { poolTransaction, type SharedTransaction } from "../ground/shared-transaction";
import { fromPg, fromPrisma, type HostTransaction, type Transaction } from "../ground/transaction";
import type { Logger } from "../ports/logger";
import type { DatabaseOption, PrismaLike } from "./database-option";
import { FermataOptionError } from "./fermata-error";

/** The schema of our tables in a database of somebody else's. */
const defaultSchema = "fermata";

/** How PostgreSQL is reached beside the pool: to listen, and to migrate. */
export interface DatabaseTarget {
  config: pg.ClientConfig;
  schema: string;
}

export interface HostDatabase extends Database {
  /** Past any pooler, where that is known. */
  target: DatabaseTarget | string;
  transaction: SharedTransaction;
  /** A transaction of the app's, as one for our statements. */
  ours(tx: Transaction): Transaction;
  /** Where tables are that the app names without a schema. */
  hostSchema: string;
}

/** @throws FermataOptionError */
export function openHostDatabase(option: DatabaseOption, log: Logger): HostDatabase {
  const schema = option.schema ?? defaultSchema;
  if (!/^[a-z_][a-z0-9_$]{0,62}$/i.test(schema)) {
    throw new FermataOptionError(
      "database.schema",
      "is a name of letters, digits and underscores.",
    );
  }
  const source = sourceOf(option);
  const qualify = createTableQualifier(schema);
  const ours = (tx: Transaction): Transaction => ({
    query: (text, values) => tx.query(qualify(text), values),
  });
  const hostSchema = source.hostSchema ?? "public";
  const common = { ours, hostSchema };
  const inPrisma = option.prisma && prismaTransaction(option.prisma, ours);
  if ("pool" in source) {
    const { pool } = source;
    return {
      ...openDatabaseOn(new BorrowedPool(pool, schema), schema),
      ...common,
      target: { config: configOf(pool.options), schema },
      transaction: inPrisma ?? borrowedTransaction(pool, ours),
    };
  }
  const target =
    "url" in source ? withSchema(source.url, schema) : { config: source.config, schema };
  const { maxConnections, statementNames, directUrl } = option;
  const database = openDatabase({
    url: target,
    log,
    ...(maxConnections && { maxConnections }),
    ...(statementNames && { statementNames }),
  });
  return {
    ...database,
    ...common,
    target: directUrl ? withSchema(directUrl, schema) : target,
    transaction: inPrisma ?? poolTransaction(database.pool, source.hostSchema),
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

/** The same on a connection of the app's pool, whose session is as the app set it. */
function borrowedTransaction(
  pool: PoolLike,
  ours: (tx: Transaction) => Transaction,
): SharedTransaction {
  return (work) =>
    inTransaction(
      pool as unknown as pg.Pool,
      async (client) => {
        const tx = fromPg(client);
        const result = await work.ours(ours(tx));
        if (result !== null)
          await work.theirs({ ...tx, prisma: undefined as HostTransaction["prisma"] }, result);
        return result;
      },
      // What the app does in it is not ours to do twice.
      { once: true },
    );
}

type Source = { hostSchema: string | undefined } & (
  | { url: string }
  | { config: pg.ClientConfig }
  | { pool: PoolLike }
);

function sourceOf(option: DatabaseOption): Source {
  const { url, pool, prisma } = option;
  if (url !== undefined) {
    if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
      throw new FermataOptionError(
        "database.url",
        "is no postgresql:// URL; in one, @ : / ? # % of a password are written as %40 %3A %2F %3F %23 %25.",
      );
    return { url, hostSchema: new URL(url).searchParams.get("schema") || undefined };
  }
  if (pool) {
    if (typeof pool.connect !== "function" || typeof pool.query !== "function")
      throw new FermataOptionError("database.pool", "is no pool of node-postgres.");
    if (pool.ended || pool.ending) throw new FermataOptionError("database.pool", "was ended.");
    return { pool, hostSchema: undefined };
  }
  if (prisma) return sourceOfPrisma(prisma);
  throw new FermataOptionError("database", "needs a url, a pool, or a Prisma client.");
}

/** Where `new PrismaPg(…)` leads, which the client was made with. */
interface PrismaPgLike {
  externalPool?: PoolLike | null;
  config?: pg.ClientConfig;
  options?: { schema?: string };
}

function sourceOfPrisma(prisma: PrismaLike): Source {
  if (typeof prisma.$transaction !== "function")
    throw new FermataOptionError("database.prisma", "is no Prisma client.");
  const { _engineConfig } = prisma as { _engineConfig?: { adapter?: PrismaPgLike } };
  const { externalPool, config, options } = _engineConfig?.adapter ?? {};
  const hostSchema = options?.schema;
  if (externalPool) return { pool: externalPool, hostSchema };
  if (config?.connectionString || config?.host) return { config: configOf(config), hostSchema };
  throw new FermataOptionError(
    "database.url",
    "is needed beside this Prisma client, whose adapter is not @prisma/adapter-pg.",
  );
}

/** Of a pool's settings, what a single connection takes. */
function configOf(options: pg.PoolConfig): pg.ClientConfig {
  const { Client: _, max: _max, min: _min, ...config } = options;
  // A pool hides it from whoever prints it, and thereby from a spread.
  const hidden = options.password === undefined ? {} : { password: options.password };
  const { connectionString } = config;
  return {
    ...config,
    ...hidden,
    ...(connectionString && { connectionString: withoutSchema(connectionString) }),
  };
}

function withoutSchema(url: string): string {
  if (!URL.canParse(url)) return url;
  const target = new URL(url);
  target.searchParams.delete("schema");
  return target.href;
}

function withSchema(url: string, schema: string): string {
  const target = new URL(url);
  target.searchParams.set("schema", schema);
  return target.href;
}
