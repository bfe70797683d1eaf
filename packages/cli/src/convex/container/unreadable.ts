import { UsageError } from "../../terminal";

/** Why an export cannot be read at all. */
export class Unreadable extends Error {
  constructor(
    message: string,
    /** What to do about it, where downloading it again does not help. */
    readonly remedy = "Download it again, then run the same command.",
  ) {
    super(message);
  }
}

/** Says that nothing of `path` is imported, why, and what to do. */
export function refusal(path: string, error: unknown): UsageError {
  const reason = error instanceof Error ? error.message : String(error);
  const { remedy } =
    error instanceof Unreadable
      ? error
      : // What the system refuses, it refuses of every copy.
        new Unreadable(reason, error instanceof Error && "syscall" in error ? "" : undefined);
  return new UsageError(
    `${path} cannot be read as an export of Convex: ${reason.replace(/\.$/, "")}. Nothing was imported. ${remedy}`.trimEnd(),
  );
}
