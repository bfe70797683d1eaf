import { askInTerminal } from "./src/cli/ask-in-terminal";
import { runCommandLine } from "./src/cli/run-command-line";
import { processEnv } from "./src/env";

// Whoever reads may have read enough: `… | head`.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === "EPIPE" ? 0 : 1);
});

/** `fermata <command>`: works on a running server, as a user of it. */
process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: processEnv(),
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  ask: process.stdin.isTTY ? askInTerminal : null,
  progress: process.stderr.isTTY ? (text) => process.stderr.write(`\r\x1b[K${text}`) : null,
  width: process.stdout.columns ?? 120,
});
