import type { ClientBase, DatabaseError } from "pg";
import {
  type BookedMigration,
  bookFailure,
  bookStart,
  bookSuccess,
  createBooks,
  lockBooks,
  readBooks,
  withMigrationClient,
} from "./migration-books";
import { MigrationError } from "./migration-error";
import { type Migration, readMigrations } from "./read-migrations";

export { MigrationError, type MigrationErrorCode } from "./migration-error";

export interface MigrationsSource {
  /** The database; a `schema` parameter is honoured as Prisma does. */
  url: string;
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
 * Applies what is pending, in order, as `prisma migrate deploy` does and in the same books, so that either may
 * follow the other. Concurrent callers wait for each other. A crash half way leaves no trace of the migration
 * that was running, unless its SQL manages transactions itself.
 * @throws MigrationError P3009, P3018, P1002, MIGRATIONS_DIR_MISSING
 */
export async function applyMigrations(
  options: ApplyMigrationsOptions,
): Promise<{ applied: string[] }> {
  const migrations = readMigrations(options.migrationsDir);
  return withMigrationClient(options.url, async (client) => {
    await lockBooks(client);
    await createBooks(client, options.url);
    const books = await readBooks(client);
    refuseAfterFailure(books);
    warnOfDifferences(migrations, books, options.onWarning);
    const applied: string[] = [];
    for (const migration of selectPending(migrations, books)) {
      await apply(client, migration);
      applied.push(migration.name);
      options.onApplied?.(migration.name);
    }
    return { applied };
  });
}

/** Names what `applyMigrations` would apply; changes nothing and waits for nobody. */
export async function pendingMigrations({
  url,
  migrationsDir,
}: MigrationsSource): Promise<string[]> {
  const migrations = readMigrations(migrationsDir);
  const books = await withMigrationClient(url, readBooks);
  return selectPending(migrations, books).map(({ name }) => name);
}

function isDone(row: BookedMigration): boolean {
  return row.finished_at !== null && row.rolled_back_at === null;
}

function selectPending(migrations: Migration[], books: BookedMigration[]): Migration[] {
  const done = new Set(books.filter(isDone).map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

function refuseAfterFailure(books: BookedMigration[]): void {
  const failed = books.find((row) => row.finished_at === null && row.rolled_back_at === null);
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

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  const isOneTransaction = !OWN_TRANSACTION.test(migration.sql);
  if (isOneTransaction) await client.query("BEGIN");
  const id = await bookStart(client, migration);
  try {
    await client.query(migration.sql);
    await bookSuccess(client, id);
    if (isOneTransaction) await client.query("COMMIT");
  } catch (cause) {
    const logs = describe(cause as DatabaseError);
    try {
      await client.query("ROLLBACK");
      await bookFailure(client, isOneTransaction ? await bookStart(client, migration) : id, logs);
    } catch {
      // The connection is gone, and with it the transaction; the first error says why.
    }
    throw new MigrationError("P3018", `The migration ${migration.name} failed:\n${logs}`, {
      cause,
    });
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
