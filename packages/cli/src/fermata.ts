#!/usr/bin/env node
import { processTerminal } from "./process-terminal";
import { runFermata } from "./run-fermata";

process.exitCode = await runFermata(process.argv.slice(2), processTerminal());
// An app that was loaded may hold connections that nobody told it to close.
process.exit();
