import { fileURLToPath } from "node:url";
import { errorCodes } from "@fermata/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "./app-router";
import { AppError } from "./ground/errors";

interface Definition {
  type: "query" | "mutation" | "subscription";
  inputs: z.ZodType[];
  output?: z.ZodType;
}

const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  ...(procedure as unknown as { _def: Definition })._def,
}));

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A schema as people write types, in one line. */
function shape(schema: JsonSchema | undefined): string {
  if (!schema) return "unknown";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" \\| ");
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map((option) => shape(option as JsonSchema)).join(" \\| ");
  if (schema.type === "array") return `${shape(schema.items as JsonSchema)}[]`;
  if (schema.type === "object") {
    const required = new Set(schema.required);
    const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
      const type = shape(field as JsonSchema);
      const fallback = (field as JsonSchema).default;
      const given = fallback === undefined ? "" : ` = ${JSON.stringify(fallback)}`;
      return `${name}${required.has(name) ? "" : "?"}: ${type}${given}`;
    });
    return fields.length > 0 ? `{ ${fields.join(", ")} }` : "object";
  }
  if (schema.format === "date-time") return "instant";
  return [schema.type ?? "unknown"].flat().join(" \\| ");
}

function shapeOf(schema: z.ZodType | undefined, io: "input" | "output"): string {
  if (!schema) return "nothing";
  return shape(z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonSchema);
}

function reference(): string {
  const sections = [...new Set(procedures.map(({ path }) => path.split(".")[0] ?? ""))];
  const tables = sections.map((section) => {
    const members = procedures.filter(({ path }) => path.startsWith(`${section}.`));
    const rows = members.map(
      ({ path, type, inputs, output }) =>
        `| \`${path}\` | ${type} | ${shapeOf(inputs[0], "input")} | ${shapeOf(output, "output")} |`,
    );
    return [
      `## ${section}`,
      "",
      "| procedure | kind | in | out |",
      "| --- | --- | --- | --- |",
      ...rows,
    ].join("\n");
  });
  const errors = errorCodes.map((code) => {
    const { httpStatus, message } = new AppError(code);
    return `| \`${code}\` | ${httpStatus} | ${message} |`;
  });
  return [
    "# Reference",
    "Every procedure at `/api/trpc`, generated from the schemas that check it. An `instant` is ISO 8601 in UTC; sizes are bytes.",
    ...tables,
    "## Errors",
    "`error.data.appCode` is one of these, and nothing else.",
    ["| code | HTTP | meaning |", "| --- | --- | --- |", ...errors].join("\n"),
    "",
  ].join("\n\n");
}

test.each(procedures)("$path declares what it gives", ({ output }) => {
  expect(output).toBeDefined();
});

test("docs/reference.md is what the schemas say; `vitest -u` writes it", async () => {
  const path = fileURLToPath(new URL("../../../docs/reference.md", import.meta.url));
  await expect(reference()).toMatchFileSnapshot(path);
});
