import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Source text as this repository formats it. */
export function format(source: string): string {
  const root = fileURLToPath(new URL("../../../../..", import.meta.url));
  return execFileSync("node_modules/.bin/biome", ["check", "--write", "--stdin-file-path=x.ts"], {
    cwd: root,
    input: source,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
}
