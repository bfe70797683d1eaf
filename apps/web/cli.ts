import { askInTerminal } from "./src/cli/ask-in-terminal";
import { runCommandLine } from "./src/cli/run-command-line";
import { processEnv } from "./src/env";

/** `fermata <command>`: works on a running server, as a user of it. */
process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: processEnv(),
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  ask: process.stdin.isTTY ? askInTerminal : null,
  width: process.stdout.columns ?? 120,
});
