import { createHash } from "node:crypto";
import type pg from "pg";
import { PrismaClient } from "../generated/prisma/client";
import type { Logger } from "../ports/logger";
import { readDatabaseUrl } from "./database-address";
import { createClientClass, databaseLimits, type SessionSettings } from "./database-client";
import { DatabasePool } from "./database-pool";
import type { StatementNames } from "./statement-names";
import { ZonedPrismaPg } from "./zoned-adapter";

export type Db = PrismaClient;
/** Inside `db.$transaction`: the same models, no transactions of its own. */
export type Tx = Omit<
  PrismaClient,
  "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends"
>;

export interface Database {
  db: Db;
  /** The connections below Prisma, for the few statements that are hot enough to be written by hand. */
  pool: DatabasePool;
  /** The PostgreSQL schema of the tables. */
  schema: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** May say `?schema=app` and `?pgbouncer=true`, as Prisma's URLs do. Or what node-postgres connects by, and a schema. */
  url: string | { config: pg.ClientConfig; schema: string };
  log: Logger;
  /** Connections that this process holds at most; 10 suits one server beside others. */
  maxConnections?: number;
  /** Whether statements are prepared under a name; "auto" drops names behind a pooler. */
  statementNames?: StatementNames;
}

/** Connections that are bounded in time, in one schema, with or without a transaction pooler before PostgreSQL. */
export function openPool(options: DatabaseOptions): DatabasePool {
  const { log } = options;
  const { config, schema, isPooled } = readAddress(options.url);
  const settings: SessionSettings = {
    schema,
    names: isPooled ? "off" : (options.statementNames ?? "auto"),
    onNamesDropped: (why) => log.info({ why }, "statements are sent without names from now on"),
    onSilence: () => pool.dropIdle(),
    onDiskFull: () => {
      pool.metFullDisk = true;
    },
  };
  const pool = new DatabasePool({
    ...config,
    Client: createClientClass(settings),
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    query_timeout: databaseLimits.silenceMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // An idle connection that drops emits this; unheard, it would end the process.
  pool.on("error", (error) =>
    log.warn({ err: error }, "a database connection was lost; the next query opens another"),
  );
  return pool;
}

export function openDatabase(options: DatabaseOptions): Database {
  return openDatabaseOn(openPool(options), readAddress(options.url).schema);
}

/** The same over connections that are there. */
export function openDatabaseOn(pool: DatabasePool, schema: string): Database {
  // Prisma prepares nothing by default; a name for each statement makes PostgreSQL plan it once.
  const adapter = new ZonedPrismaPg(pool, {
    schema,
    statementNameGenerator: ({ sql }) => `p${createHash("md5").update(sql).digest("hex")}`,
  });
  const db = new PrismaClient({ adapter });
  return {
    db,
    pool,
    schema,
    async close() {
      await db.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

function readAddress(url: DatabaseOptions["url"]): {
  config: pg.ClientConfig;
  schema: string;
  isPooled: boolean;
} {
  if (typeof url !== "string") return { ...url, isPooled: false };
  const { connectionString, ...address } = readDatabaseUrl(url);
  return { config: { connectionString }, ...address };
}
