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

/** What to say of a cluster whose files are not all there. */
export function damagedCluster(dir: string): string {
  return `The database at ${dir} is damaged. It was left as it is: move it away, and restore a backup.`;
}
