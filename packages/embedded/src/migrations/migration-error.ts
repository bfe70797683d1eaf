/** Prisma's own codes: P3009 an earlier migration failed, P3018 this one failed, P1002 the lock was not given in time. */
export type MigrationErrorCode = "P3009" | "P3018" | "P1002" | "MIGRATIONS_DIR_MISSING";

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
