export type EmbeddedPostgresErrorCode =
  | "UNSUPPORTED_PLATFORM"
  | "BINARIES_UNUSABLE"
  | "DATA_DIR_UNUSABLE"
  | "DATABASE_MISSING"
  | "DATABASE_NOT_THIS_ONE"
  | "PASSWORD_WRONG"
  | "INIT_FAILED"
  | "START_FAILED"
  | "STOP_FAILED"
  | "PORT_TAKEN";

/** Why the embedded PostgreSQL cannot serve. The message is meant for the person who ran the command. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
