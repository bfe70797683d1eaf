import { fileURLToPath } from "node:url";
import type { JsonSchema } from "@fermata/server/internal";
import { expect, test } from "vitest";
import { procedures } from "./testing/described-procedures";
import { format } from "./testing/format";
import { printClientTypes } from "./testing/print-client-types";

/** Paths of the fields that nothing is said of. */
function untold(schema: JsonSchema, path: string): string[] {
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), schema.items ?? {}];
  return [
    ...parts.flatMap((part) => (Object.keys(part).length > 0 ? untold(part, path) : [])),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
      ...(field.description ? [] : [`${path}.${name}`]),
      ...untold(field, `${path}.${name}`),
    ]),
  ];
}

test.each(procedures)("$path says what it does, and every field what it means", (procedure) => {
  const { path, about, input, output } = procedure;
  expect(about).toMatch(/^[A-Z].*\.$/);
  for (const described of [input, output]) {
    expect(untold(described?.schema ?? {}, path)).toEqual([]);
    for (const [name, shape] of Object.entries(described?.shapes ?? {})) {
      expect(untold(shape, name)).toEqual([]);
    }
  }
});

test("the client's types are what the schemas say; `vitest --update=all` writes them", async () => {
  const path = fileURLToPath(
    new URL("../../../../packages/api/src/procedures.ts", import.meta.url),
  );
  await expect(format(printClientTypes(procedures))).toMatchFileSnapshot(path);
});
