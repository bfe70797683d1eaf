// For this repository's own app, which has commands beside these.

export { loadApp } from "./app/load-app";
export type { Command, Flags, Ground } from "./command";
export { addCommonCommands } from "./common-commands";
export { announceConsole, requireMigrated } from "./console/console";
export { checkTurn } from "./doctor/check-turn";
export { Ailment, type Diagnosis, diagnosis } from "./doctor/diagnosis";
export { formatTable } from "./format-table";
export { processTerminal } from "./process-terminal";
export { CommandLine } from "./program";
export { type Terminal, UsageError } from "./terminal";
