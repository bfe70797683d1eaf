import { askInTerminal } from "./src/cli/ask-in-terminal";
import { runCommandLine } from "./src/cli/run-command-line";
import { processEnv } from "./src/env";
import { resetPassword } from "./src/self-hosted/reset-password";

// Whoever reads may have read enough: `… | head`.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === "EPIPE" ? 0 : 1);
});

const line = {
  env: processEnv(),
  print: (text: string) => void process.stdout.write(`${text}\n`),
  printError: (text: string) => void process.stderr.write(`${text}\n`),
  ask: process.stdin.isTTY ? askInTerminal : null,
  progress: process.stderr.isTTY ? (text: string) => process.stderr.write(`\r\x1b[K${text}`) : null,
  width: process.stdout.columns ?? 120,
};
const args = process.argv.slice(2);

/** `fermata <command>`: works on a running server, as a user of it; one command works on its database. */
process.exitCode =
  args[0] === "reset-password"
    ? await resetPassword(args.slice(1), line)
    : await runCommandLine(args, line);
