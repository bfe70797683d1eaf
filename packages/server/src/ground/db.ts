import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "../generated/prisma/client";
import type { Logger } from "../ports/logger";

export type Db = PrismaClient;
/** Inside `db.$transaction`: the same models, no transactions of its own. */
export type Tx = Omit<
  PrismaClient,
  "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends"
>;

export interface Database {
  db: Db;
  /** The connections below Prisma, for the few statements that are hot enough to be written by hand. */
  pool: pg.Pool;
  close(): Promise<void>;
}

/** @param maxConnections connections that this process holds at most; 10 suits one server beside others. */
export function openDatabase(options: {
  url: string;
  log: Logger;
  maxConnections?: number;
}): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // An idle connection that drops emits this; unheard, it would end the process.
  pool.on("error", (error) =>
    options.log.warn(
      { err: error },
      "a database connection was lost; the next query opens another",
    ),
  );
  // Prisma prepares nothing by default; a name for each statement makes PostgreSQL plan it once.
  const adapter = new PrismaPg(pool, {
    statementNameGenerator: ({ sql }) => `p${createHash("md5").update(sql).digest("hex")}`,
  });
  const db = new PrismaClient({ adapter });
  return {
    db,
    pool,
    async close() {
      await db.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

const unavailablePrismaCodes = new Set([
  "P1001",
  "P1002",
  "P1003",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
  "P2037",
]);
const unavailableSocketCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
const unavailableAdapterKinds = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);

/** Whether an error means that PostgreSQL is away, starting or stopping, rather than that a statement is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause && typeof cause === "object" && depth < 6; depth++) {
    const { code, kind, message, originalCode } = cause as Record<string, unknown>;
    const sqlState = typeof originalCode === "string" ? originalCode : code;
    if (typeof code === "string" && unavailablePrismaCodes.has(code)) return true;
    if (typeof code === "string" && unavailableSocketCodes.has(code)) return true;
    if (typeof kind === "string" && unavailableAdapterKinds.has(kind)) return true;
    // 08: connection exceptions; 57P01 to 57P03: shut down, crashed, starting up; 53300: too many connections.
    if (typeof sqlState === "string" && /^(08...|57P0[123]|53300)$/.test(sqlState)) return true;
    if (
      typeof message === "string" &&
      /Connection terminated|Connection ended|not queryable|timeout exceeded when trying to connect|Can't reach database/.test(
        message,
      )
    ) {
      return true;
    }
    cause = (cause as { cause?: unknown }).cause;
  }
  return false;
}
