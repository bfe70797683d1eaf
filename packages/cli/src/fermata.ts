#!/usr/bin/env node
import { askInTerminal } from "./ask-in-terminal";
import { runFermata } from "./run-fermata";

// Whoever reads may have read enough: `… | head`.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === "EPIPE" ? 0 : 1);
});

process.exitCode = await runFermata(process.argv.slice(2), {
  cwd: process.cwd(),
  print: (text) => void process.stdout.write(`${text}\n`),
  printError: (text) => void process.stderr.write(`${text}\n`),
  confirm: process.stdin.isTTY ? askInTerminal : null,
});
// An app that was loaded may hold connections that nobody told it to close.
process.exit();
