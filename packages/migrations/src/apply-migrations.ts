import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseError } from "pg";
import {
  type BookedMigration,
  bookFailure,
  bookStart,
  bookSuccess,
  createBooks,
  readBooks,
} from "./migration-books";
import { MigrationError } from "./migration-error";
import {
  inMigrationSession,
  inMigrationTransaction,
  type MigrationSession,
  type MigrationTarget,
  withMigrationSession,
} from "./migration-session";
import { type Migration, readMigrations } from "./read-migrations";

export { MigrationError, type MigrationErrorCode } from "./migration-error";

export interface MigrationsSource {
  /** The database, better without a transaction pooler. */
  url: MigrationTarget;
  /** Prisma's folder: `<name>/migration.sql` each. */
  migrationsDir: string;
}

export interface ApplyMigrationsOptions extends MigrationsSource {
  onApplied?: (name: string) => void;
  /** Told of what does not stop the migration, such as an applied file that was edited since. */
  onWarning?: (message: string) => void;
}

/** Statements that PostgreSQL refuses inside a transaction, or that end one. */
const OWN_TRANSACTION =
  /\bCONCURRENTLY\b|\bVACUUM\b|^\s*(BEGIN|COMMIT|ROLLBACK|START\s+TRANSACTION)(\s+(WORK|TRANSACTION))?\s*;/im;

/**
 * A statement that waits for a table holds up everybody who comes to that table after it, readers as well, so it does not
 * wait for long: it steps back, lets them through, and comes again. And where both wait for each other, PostgreSQL ends whoever
 * waited a second (`deadlock_timeout`): the migration has stepped back by then, and no request fails for it.
 */
const TABLE_LOCK = { waitMs: 250, pauseMs: 1_500, patienceMs: 120_000 };

/**
 * Applies what is pending, in order, as `prisma migrate deploy` does and in the same books, so that either may
 * follow the other. Concurrent callers wait for each other. A crash half way leaves no trace of the migration
 * that was running, unless its SQL manages transactions itself.
 * @throws MigrationError P3009, P3018, P1002, MIGRATIONS_DIR_MISSING, NEWER_DATABASE, LOCKED, POOLED, ENCODING
 */
export async function applyMigrations(
  options: ApplyMigrationsOptions,
): Promise<{ applied: string[] }> {
  const migrations = readMigrations(options.migrationsDir);
  return withMigrationSession(options.url, async (session) => {
    let books = await readBooks(session);
    // One that was begun is under way elsewhere, or has failed: which, is known once nobody else migrates.
    if (books.some(isOpen))
      books = await inMigrationTransaction(session, TABLE_LOCK.patienceMs, () =>
        readBooks(session),
      );
    refuseNewer(migrations, books);
    refuseAfterFailure(books);
    const isNew = books.length === 0;
    if (isNew) {
      requireEveryText(session);
      await inMigrationTransaction(session, TABLE_LOCK.patienceMs, () => createBooks(session));
    }
    const applied: string[] = [];
    for (const pending of selectPending(migrations, books)) {
      const migration = isNew ? withoutConcurrency(pending) : pending;
      if (await applyOnce(session, migration, options)) applied.push(migration.name);
    }
    books = await readBooks(session);
    warnOfDifferences(migrations, books, options.onWarning);
    return { applied };
  });
}

/** PostgreSQL refuses what an encoding lacks, one message or file name at a time, long after the start. */
function requireEveryText({ encoding }: MigrationSession): void {
  // SQL_ASCII keeps whatever it is given.
  if (encoding === "UTF8" || encoding === "SQL_ASCII") return;
  throw new MigrationError(
    "ENCODING",
    `The database keeps text as ${encoding}, which lacks most of the world's letters. Make one that has them: CREATE DATABASE fermata ENCODING 'UTF8' TEMPLATE template0. Nothing was changed.`,
  );
}

/** In a database that is made now nobody is held up by an index, and one in a transaction passes through any pooler. */
function withoutConcurrency(migration: Migration): Migration {
  return { ...migration, sql: migration.sql.replaceAll(/\bCONCURRENTLY\s+/gi, "") };
}

/** The migrations of a release, in their order. */
export function migrationNames(migrationsDir: string): string[] {
  return readMigrations(migrationsDir).map(({ name }) => name);
}

/** Names what `applyMigrations` would apply; changes nothing and waits for nobody. */
export async function pendingMigrations({
  url,
  migrationsDir,
}: MigrationsSource): Promise<string[]> {
  const migrations = readMigrations(migrationsDir);
  const books = await withMigrationSession(url, readBooks);
  return selectPending(migrations, books).map(({ name }) => name);
}

function isDone(row: BookedMigration): boolean {
  return row.finished_at !== null && row.rolled_back_at === null;
}

/** Begun, and neither finished nor given up. */
function isOpen(row: BookedMigration): boolean {
  return row.finished_at === null && row.rolled_back_at === null;
}

function selectPending(migrations: Migration[], books: BookedMigration[]): Migration[] {
  const done = new Set(books.filter(isDone).map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

function refuseAfterFailure(books: BookedMigration[]): void {
  const failed = books.find(isOpen);
  if (!failed) return;
  const name = failed.migration_name;
  throw new MigrationError(
    "P3009",
    `The migration ${name} failed at ${failed.started_at.toISOString()}; nothing is applied after a failed one.
${failed.logs ?? "It was cut off before it could say why."}
Look what it left behind, then say what it is now: \`prisma migrate resolve --rolled-back ${name}\` if nothing
remains of it (it is then tried again), or \`--applied ${name}\` if you finished it by hand. Without Prisma's
command: UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${name}' AND finished_at IS NULL;`,
  );
}

function warnOfDifferences(
  migrations: Migration[],
  books: BookedMigration[],
  warn: (message: string) => void = () => undefined,
): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of books.filter(isDone)) {
    const migration = known.get(row.migration_name);
    if (!migration) {
      warn(
        `The database has the migration ${row.migration_name}, which this version does not know.`,
      );
    } else if (!migration.acceptedChecksums.includes(row.checksum)) {
      warn(`The migration ${row.migration_name} was edited after it was applied.`);
    }
  }
}

/** Another release may have taken columns away that this one asks for: every call would fail, one by one. */
function refuseNewer(migrations: Migration[], books: BookedMigration[]): void {
  const newest = migrations.at(-1)?.name ?? "";
  const known = new Set(migrations.map(({ name }) => name));
  const newer = books.find(
    (row) => isDone(row) && row.migration_name > newest && !known.has(row.migration_name),
  );
  if (!newer) return;
  throw new MigrationError(
    "NEWER_DATABASE",
    `The database is of a newer release than this one: it has the migration ${newer.migration_name}, and the newest that this release knows is ${newest || "none"}.
Start that release or a newer one, or restore the backup that was made before the upgrade. Nothing was changed.`,
  );
}

/** @returns false when another process was faster */
async function applyOnce(
  session: MigrationSession,
  migration: Migration,
  options: ApplyMigrationsOptions,
): Promise<boolean> {
  const startedAt = Date.now();
  for (;;) {
    try {
      const isNew = await attempt(session, migration);
      if (isNew) options.onApplied?.(migration.name);
      return isNew;
    } catch (error) {
      if ((error as { code?: string }).code !== TABLE_IN_USE) throw error;
      if (Date.now() - startedAt > TABLE_LOCK.patienceMs) {
        throw new MigrationError(
          "LOCKED",
          `The migration ${migration.name} needs a table that has been in use for ${TABLE_LOCK.patienceMs / 1000} s. Look into pg_stat_activity for a transaction that stays open, end it, and start again. Nothing was changed.`,
          { cause: error },
        );
      }
      options.onWarning?.(
        `The migration ${migration.name} waits for a table that is in use; it is tried again.`,
      );
      await sleep(TABLE_LOCK.pauseMs);
    }
  }
}

const TABLE_IN_USE = "55P03";

async function attempt(session: MigrationSession, migration: Migration): Promise<boolean> {
  const { client } = session;
  const isOneTransaction = !OWN_TRANSACTION.test(migration.sql);
  const run = isOneTransaction ? inMigrationTransaction : inMigrationSession;
  try {
    return await run(session, TABLE_LOCK.waitMs, async () => {
      const books = await readBooks(session);
      refuseAfterFailure(books);
      if (selectPending([migration], books).length === 0) return false;
      const id = await bookStart(session, migration);
      try {
        await client.query(migration.sql);
        await bookSuccess(session, id);
      } catch (error) {
        // In a transaction of ours the row goes with it, and is written anew.
        if (!isOneTransaction) {
          await client.query("ROLLBACK").catch(() => undefined);
          await bookFailure(session, id, describe(error as DatabaseError)).catch(() => undefined);
        }
        throw error;
      }
      return true;
    });
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause;
    if (isOneTransaction && (cause as { code?: string }).code === TABLE_IN_USE) throw cause;
    const logs = describe(cause as DatabaseError);
    if (isOneTransaction) await bookLostAttempt(session, migration, logs);
    throw new MigrationError("P3018", `The migration ${migration.name} failed:\n${logs}`, {
      cause,
    });
  }
}

async function bookLostAttempt(
  session: MigrationSession,
  migration: Migration,
  logs: string,
): Promise<void> {
  try {
    await bookFailure(session, await bookStart(session, migration), logs);
  } catch {
    // The connection is gone, and with it the transaction; the first error says why.
  }
}

function describe(error: DatabaseError): string {
  return [
    error.message,
    error.code && `code: ${error.code}`,
    error.detail && `detail: ${error.detail}`,
    error.hint && `hint: ${error.hint}`,
    error.position && `position: ${error.position}`,
  ]
    .filter(Boolean)
    .join("\n");
}
