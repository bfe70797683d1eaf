import type { Fermata } from "@fermata/api";

export interface CommandLine {
  env: Record<string, string | undefined>;
  print(line: string): void;
  printError(line: string): void;
  /** Null where nobody can answer. */
  ask: ((question: string, options?: { hidden: boolean }) => Promise<string>) | null;
  /** How many characters a line has room for. */
  width: number;
  fetch?: typeof globalThis.fetch;
}

export interface CommandContext extends Pick<CommandLine, "print" | "width"> {
  fermata: Fermata;
  /** Whether `--json` was given: one line of JSON instead of text. */
  json: boolean;
}

/** One word pair of the command line, such as `crons list`. */
export interface Command {
  /** Its words, then what it takes: `crons run <name>`. */
  usage: string;
  summary: string;
  /** @returns whether it succeeded; it prints by itself */
  run(ctx: CommandContext, args: string[]): Promise<boolean>;
}

/** What the user wrote makes no sense; the message says how it would. */
export class UsageError extends Error {}
