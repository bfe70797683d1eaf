/** Where a command runs, and whom it speaks to. */
export interface Terminal {
  cwd: string;
  env: Record<string, string | undefined>;
  print(text: string): void;
  printError(text: string): void;
  /** Null where nobody can answer. */
  ask: ((question: string, options?: { hidden: boolean }) => Promise<string>) | null;
  /** Replaces the line that tells how far the work is; an empty one takes it away. Null where nobody watches. */
  progress: ((text: string) => void) | null;
  /** How many characters a line has room for. */
  width: number;
}

/** What keeps a command from its work, in words that say what to do. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";

  constructor(
    message: string,
    /** 1 it failed, 2 it was not understood. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** What the user wrote makes no sense; the message says how it would. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";

  constructor(message: string) {
    super(message, 2);
  }
}
