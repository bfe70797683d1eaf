import { readFileSync } from "node:fs";

const directory = new URL("../../../docs/reference/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, directory), "utf8");

/** Every procedure there is, as the generated reference lists them. */
export const procedures = [
  ...read("README.md").matchAll(
    /^\| \[`(\w+\.\w+)`\]\(\S+\) \| (query|mutation|subscription) \|/gm,
  ),
].map(([, path = "", kind = ""]) => ({ path, kind }));

/** The fields that a procedure takes, as its page says. */
export function inputFieldsOf(path: string): string[] {
  const [, input = ""] =
    /## Input\n([\s\S]*?)\n## Output/.exec(read(`${path.replace(".", "/")}.md`)) ?? [];
  return [...input.matchAll(/^\| `([\w.[\]]+)\??` \|/gm)].map(([, field = ""]) => field);
}
