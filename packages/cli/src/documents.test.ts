import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runFermata } from "./run-fermata";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Every line of the documents that is to be pasted into a shell, and calls this command. */
async function linesToPaste(): Promise<string[]> {
  const docs = (await readdir(join(root, "docs"))).map((name) => `docs/${name}`);
  const documents = [...docs, "packages/cli/README.md"].filter((path) => path.endsWith(".md"));
  const texts = await Promise.all(documents.map((path) => readFile(join(root, path), "utf8")));
  const blocks = texts.flatMap((text) => [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)]);
  const lines = blocks.flatMap(([, block = ""]) => block.split("\n").map((line) => line.trim()));
  return [...new Set(lines.filter((line) => line.startsWith("npx fermata ")))];
}

/** What a shell makes of it. */
function argumentsOf(line: string): string[] {
  const script = `npx() { shift; printf '%s\\n' "$@"; }\n${line}`;
  const env = { ...process.env, USER_ID: "maja" };
  return execFileSync("bash", ["-c", script], { env, encoding: "utf8" }).trimEnd().split("\n");
}

test("every line of the documents is a command that there is, as it is pasted", async () => {
  const lines = await linesToPaste();
  expect(lines.length).toBeGreaterThan(12);
  // Nothing is here to work on, so that each ends where it would begin.
  const cwd = await mkdtemp(join(tmpdir(), "fermata-cli-"));
  const asked: string[] = [];
  const terminal = { cwd, env: {}, ask: null, progress: null, width: 200, print: () => {} };
  for (const line of lines) {
    const printError = (text: string) => asked.push(`${line}: ${text}`);
    await runFermata(argumentsOf(line), { ...terminal, printError });
  }
  await rm(cwd, { recursive: true });
  // In commander's words: an unknown command or option, or an argument too few or too many.
  expect(asked.filter((said) => said.includes(": error: "))).toEqual([]);
  expect(asked).toHaveLength(lines.length);
});
