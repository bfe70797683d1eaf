import type { Fermata } from "@fermata/api";
import type { Operator } from "@fermata/server";
import type { Terminal } from "./terminal";

export type Flags = Record<string, string | boolean | undefined>;

/** As commander writes it, `--source <name>`, and what it does. */
export type Option = readonly [flags: string, description: string];

interface Described {
  /** Its words, then what it takes, as commander writes it: `crons run <name...>`. */
  usage: string;
  summary: string;
  /** Beside `--json`. */
  options?: readonly Option[];
}

interface Context extends Pick<Terminal, "print" | "printError" | "progress" | "width" | "env"> {
  /** Of the command's own options those that were given, by names such as `dryRun`. */
  flags: Flags;
  /** Whether `--json` was given: one line of JSON instead of text. */
  json: boolean;
  /** What to say before a command's words: `npx fermata`. */
  self: string;
}

export interface CommandContext extends Context {
  fermata: Fermata;
}

/** A command that asks a server, as an admin of it. */
export interface Command extends Described {
  /** @returns whether it succeeded; it prints by itself */
  run(ctx: CommandContext, args: string[]): Promise<boolean>;
}

/** What lies in a database and a store: beside a server that runs on them, or without one. */
export interface Installation
  extends Pick<Operator, "pool" | "schema" | "store" | "now" | "migrations"> {
  /** The file of secrets that goes into a backup; null where the app keeps its own. */
  secretsFile: string | null;
  /** Why nothing is restored over what is there; null where there is nothing. */
  whatLives(): Promise<string | null>;
}

type WithInstallation = (
  work: (installation: Installation) => Promise<void>,
  /** Is told of the file of secrets, where there is to be one, before anything is opened that would make it. */
  options?: { before(secretsFile: string): Promise<void> },
) => Promise<void>;

export interface DataContext extends Context {
  withInstallation: WithInstallation;
}

/** A command that works on the data themselves. */
export interface DataCommand extends Described {
  run(ctx: DataContext, args: string[]): Promise<void>;
}

/** Whose server and data the commands work on. */
export interface Ground {
  self: string;
  /** What says where it is. */
  options: readonly Option[];
  withClient<T>(flags: Flags, work: (fermata: Fermata) => Promise<T>): Promise<T>;
  withInstallation(flags: Flags, ...work: Parameters<WithInstallation>): Promise<void>;
}
