// Programs of an app that name many procedures, each another one: what the compiler pays for their types is budgeted.
import { readFileSync } from "node:fs";

const source = readFileSync(new URL("../src/procedures.ts", import.meta.url), "utf8");
const [, printed] = source.split("type Procedures = {");

/** `kind` is Query or Mutation; each with whether it takes nothing. */
function proceduresOf(kind) {
  let folder;
  const found = [];
  for (const line of printed.split("\n")) {
    folder = /^ {2}(\w+): \{$/.exec(line)?.[1] ?? folder;
    const [, name, type, input] = /^ {4}(\w+): (\w+)<(\w+)/.exec(line) ?? [];
    if (type === kind)
      found.push({ path: `trpc.${folder}.${name}`, takesNothing: input === "void" });
  }
  return found;
}

const inputOf = ({ takesNothing }) => (takesNothing ? "" : "input");

/** @returns a module in which this many procedures are called. */
export function callsOf(count) {
  const calls = [
    ...proceduresOf("Query").map((query) => `${query.path}.query(${inputOf(query)})`),
    ...proceduresOf("Mutation").map((one) => `${one.path}.mutate(${inputOf(one)})`),
  ].slice(0, count);
  return `import { createFermata } from "@fermata/api";
const { trpc } = createFermata({ url: "https://example.com" });
export function call(input: any) {\n${some(calls, count)}}\n`;
}

/** @returns a component with this many hooks of TanStack Query's. */
export function hooksOf(count) {
  const hooks = [
    ...proceduresOf("Query").map(
      (one) => `useQuery(${one.path}.queryOptions(${inputOf(one)})).data`,
    ),
    ...proceduresOf("Mutation").map((one) => `useMutation(${one.path}.mutationOptions()).data`),
  ].slice(0, count);
  return `import { useTRPC } from "@fermata/api/react";
import { useMutation, useQuery } from "@tanstack/react-query";
export function Page({ input }: { input: any }) {
  const trpc = useTRPC();
${some(hooks, count)}}\n`;
}

function some(lines, count) {
  if (lines.length !== count) throw new Error(`There are only ${lines.length} procedures.`);
  return lines.map((line) => `  void ${line};\n`).join("");
}
