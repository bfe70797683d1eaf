import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Asks in the terminal; what is hidden is not echoed. */
export async function askInTerminal(
  question: string,
  { hidden } = { hidden: false },
): Promise<string> {
  process.stderr.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = hidden ? silence : process.stderr;
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    if (hidden) process.stderr.write("\n");
  }
}
