import type { Fermata } from "@fermata/api";

export interface CommandLine {
  env: Record<string, string | undefined>;
  print(line: string): void;
  printError(line: string): void;
  /** Null where nobody can answer. */
  ask: ((question: string, options?: { hidden: boolean }) => Promise<string>) | null;
  /** Replaces the line that tells how far the work is; an empty one takes it away. Null where nobody watches. */
  progress: ((text: string) => void) | null;
  /** How many characters a line has room for. */
  width: number;
  fetch?: typeof globalThis.fetch;
}

export type Flags = Record<string, string | boolean>;

export interface CommandContext
  extends Pick<CommandLine, "print" | "printError" | "progress" | "width"> {
  fermata: Fermata;
  /** Of the command's own `options`, those that were given. */
  flags: Flags;
  /** Whether `--json` was given: one line of JSON instead of text. */
  json: boolean;
}

/** One word pair of the command line, such as `crons list`. */
export interface Command {
  /** Its words, then what it takes: `crons run <name>`. */
  usage: string;
  summary: string;
  /** What it takes beside `--json`. */
  options?: Record<string, { type: "string" | "boolean" }>;
  /** @returns whether it succeeded; it prints by itself */
  run(ctx: CommandContext, args: string[]): Promise<boolean>;
}

/** What the user wrote makes no sense; the message says how it would. */
export class UsageError extends Error {}
