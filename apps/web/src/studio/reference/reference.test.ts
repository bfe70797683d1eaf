import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { z } from "zod";
import { appRouter } from "../app-router";
import { procedures, shapesOf } from "../testing/described-procedures";
import { referencePages } from "./reference-pages";
import { sampleOf } from "./sample-of";

const directory = fileURLToPath(new URL("../../../../../docs/reference/", import.meta.url));
const shapes = shapesOf(procedures);
const pages = referencePages(procedures, shapes);

test.each(procedures)("$path declares what it gives", ({ output }) => {
  expect(output).toBeDefined();
});

const withInput = procedures.flatMap(({ path, input }) => (input ? [{ path, input }] : []));

test.each(withInput)("the example of $path is an input that it takes", ({ path, input }) => {
  const { [path]: procedure } = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { inputs: z.ZodType[] } }
  >;
  for (const schema of procedure?._def.inputs ?? []) {
    expect(schema.safeParse(sampleOf(input.schema, shapes)).error).toBeUndefined();
  }
});

test.each([...pages])(
  "docs/reference/%s is what the schemas say; `vitest -u` writes it",
  async (name, text) => {
    await expect(text).toMatchFileSnapshot(`${directory}${name}`);
  },
);

test("docs/reference holds no page of what is gone", () => {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => name.endsWith(".md") && !pages.has(name))).toEqual([]);
});
