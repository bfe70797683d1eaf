import { askInTerminal } from "./ask-in-terminal";
import type { Terminal } from "./terminal";

/** The terminal of this process. */
export function processTerminal(env: Terminal["env"] = process.env): Terminal {
  // Whoever reads may have read enough: `… | head`.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    process.exit(code === "EPIPE" ? 0 : 1);
  });
  return {
    cwd: process.cwd(),
    env,
    print: (text) => void process.stdout.write(`${text}\n`),
    printError: (text) => void process.stderr.write(`${text}\n`),
    ask: process.stdin.isTTY ? askInTerminal : null,
    progress: process.stderr.isTTY ? (text) => void process.stderr.write(`\r\x1b[K${text}`) : null,
    width: process.stdout.columns ?? 120,
  };
}
