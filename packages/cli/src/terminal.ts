/** Where a command runs, and whom it speaks to. */
export interface Terminal {
  cwd: string;
  print(text: string): void;
  printError(text: string): void;
  /** Null where nobody can answer. */
  confirm: ((question: string) => Promise<boolean>) | null;
}

/** What keeps a command from its work, in words that say what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    message: string,
    /** 1 it failed, 2 it was not understood. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
