/**
 * Prisma's own codes: P3009 an earlier migration failed, P3018 this one failed, P1002 the lock was not given in time.
 * Ours: NEWER_DATABASE a newer release migrated it, LOCKED a table was in use throughout, POOLED a session is needed,
 * ENCODING the database cannot keep every text.
 */
export type MigrationErrorCode =
  | "P3009"
  | "P3018"
  | "P1002"
  | "MIGRATIONS_DIR_MISSING"
  | "NEWER_DATABASE"
  | "LOCKED"
  | "POOLED"
  | "ENCODING";

/** Why the migrations were not applied, and what to do about it. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";

  constructor(
    readonly code: MigrationErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${message}`, options);
  }
}
