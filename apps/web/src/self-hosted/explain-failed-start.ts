/** Failures whose message is written for the person who starts the server: where in the code they arose says nothing more. */
const saysItAll = new Set(["EnvError", "AppError", "EmbeddedPostgresError", "MigrationError"]);

/** What a start that failed prints. */
export function explainFailedStart(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return saysItAll.has(error.name) ? error.message : (error.stack ?? error.message);
}
