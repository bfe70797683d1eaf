import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientBase, type ClientConfig, escapeIdentifier } from "pg";
import { MigrationError } from "./migration-error";

/** A connection to the database that is migrated, and the schema that its tables lie in. */
export interface MigrationSession {
  client: ClientBase;
  schema: string;
  /** False behind a transaction pooler, where what is set or locked for a session is another's a moment later. */
  isSession: boolean;
  /** How the database keeps text, as PostgreSQL names it. */
  encoding: string;
}

/** The advisory lock that Prisma's own engine takes, so that it and we exclude each other. */
const PRISMA_LOCK_ID = 72_707_369;
const LOCK_TIMEOUT_SECONDS = 60;
const LOCK_PAUSE_MS = 100;
const CONNECT_TIMEOUT_MS = 10_000;
/** Of Prisma's URLs, for Prisma alone. */
const PRISMA_PARAMETERS = ["schema", "pgbouncer", "connection_limit", "pool_timeout"];

/** A URL, whose `schema` parameter is honoured as Prisma does, or what node-postgres connects by and a schema. */
export type MigrationTarget = string | { config: ClientConfig; schema: string };

function readTarget(target: MigrationTarget): { config: ClientConfig; schema: string } {
  if (typeof target !== "string") return target;
  const url = new URL(target);
  const schema = url.searchParams.get("schema") || "public";
  for (const name of PRISMA_PARAMETERS) url.searchParams.delete(name);
  return { config: { connectionString: url.toString() }, schema };
}

/** Connects for `work`. */
export async function withMigrationSession<T>(
  target: MigrationTarget,
  work: (session: MigrationSession) => Promise<T>,
): Promise<T> {
  const { config, schema } = readTarget(target);
  const client = new Client({
    ...config,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A dropped connection is reported by the query that meets it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { processID } = client as unknown as { processID: number | null };
    // The database may have another way to print dates than node-postgres reads.
    const { rowCount } = await client.query(
      "SELECT set_config('DateStyle', 'ISO, MDY', false) WHERE pg_backend_pid() = $1::int",
      [processID],
    );
    const { rows } = await client.query("SHOW server_encoding");
    const encoding: string = rows[0].server_encoding;
    return await work({ client, schema, isSession: rowCount === 1, encoding });
  } finally {
    await client.end();
  }
}

/**
 * Runs `work` in one transaction, in the schema, while nobody else migrates.
 * @param lockTimeoutMs how long each of its statements may wait for a table: who waits for a table holds up all who come after
 */
export async function inMigrationTransaction<T>(
  { client, schema }: MigrationSession,
  lockTimeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  await untilLocked(async () => {
    await client.query("BEGIN");
    if (await tryLock(client, "pg_try_advisory_xact_lock")) return true;
    await client.query("ROLLBACK");
    return false;
  });
  try {
    await setLocal(client, "search_path", escapeIdentifier(schema));
    await setLocal(client, "lock_timeout", String(lockTimeoutMs));
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // Gone with its connection, the transaction is over as well; the first error says why.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** The same for statements that PostgreSQL refuses in a transaction. @throws MigrationError POOLED */
export async function inMigrationSession<T>(
  { client, schema, isSession }: MigrationSession,
  lockTimeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  if (!isSession) {
    throw new MigrationError(
      "POOLED",
      "DATABASE_URL leads through a transaction pooler, where this migration cannot run. Set DATABASE_DIRECT_URL to PostgreSQL itself.",
    );
  }
  try {
    await client.query("SELECT set_config('search_path', $1, false)", [escapeIdentifier(schema)]);
    await untilLocked(() => tryLock(client, "pg_try_advisory_lock"));
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
    return await work();
  } finally {
    await client.query("RESET lock_timeout").catch(() => undefined);
    await client.query("SELECT pg_advisory_unlock_all()").catch(() => undefined);
  }
}

function setLocal(client: ClientBase, name: string, value: string): Promise<unknown> {
  return client.query("SELECT set_config($1, $2, true)", [name, value]);
}

/** Asks again and again: a statement that waits is a transaction, for whose end an index that is built concurrently would wait. */
async function untilLocked(take: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LOCK_TIMEOUT_SECONDS * 1000;
  while (!(await take())) {
    if (Date.now() > deadline) {
      throw new MigrationError(
        "P1002",
        `Another process has been migrating this database for ${LOCK_TIMEOUT_SECONDS} s. Start again when it is done.`,
      );
    }
    await sleep(LOCK_PAUSE_MS);
  }
}

async function tryLock(
  client: ClientBase,
  lock: "pg_try_advisory_lock" | "pg_try_advisory_xact_lock",
): Promise<boolean> {
  const { rows } = await client.query(`SELECT ${lock}($1) AS taken`, [PRISMA_LOCK_ID]);
  return rows[0]?.taken === true;
}
