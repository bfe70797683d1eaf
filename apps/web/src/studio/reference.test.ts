import { fileURLToPath } from "node:url";
import { errorCodes } from "@fermata/contract";
import { AppError, anyCall, type JsonSchema } from "@fermata/server/internal";
import { expect, test } from "vitest";
import { procedures, shapesOf } from "./testing/described-procedures";

/** A schema as people write types, in one line. */
function shape(schema: JsonSchema | undefined): string {
  if (!schema) return "nothing";
  if (schema.$ref) return schema.$ref.split("/").at(-1) ?? "";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" \\| ");
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map(shape).join(" \\| ");
  if (schema.type === "array") return `${shape(schema.items)}[]`;
  if (schema.type === "object") {
    const required = new Set(schema.required);
    const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
      const given = field.default === undefined ? "" : ` = ${JSON.stringify(field.default)}`;
      return `${name}${required.has(name) ? "" : "?"}: ${shape(field)}${given}`;
    });
    return fields.length > 0 ? `{ ${fields.join(", ")} }` : "object";
  }
  if (schema.format === "date-time") return "instant";
  return [schema.type ?? "unknown"].flat().join(" \\| ");
}

const cell = (text: string) => text.replaceAll("|", "\\|");
const codes = (list: readonly string[]) => list.map((code) => `\`${code}\``).join(" ");

function reference(): string {
  const sections = [...new Set(procedures.map(({ path }) => path.split(".")[0] ?? ""))];
  const tables = sections.map((section) => {
    const members = procedures.filter(({ path }) => path.startsWith(`${section}.`));
    const rows = members.map(
      ({ path, type, about, callers, errors, input, output }) =>
        `| \`${path}\` | ${type} | ${cell(about)} For ${callers}. | ${shape(input?.schema)} | ${shape(output.schema)} | ${codes(errors)} |`,
    );
    return [
      `## ${section}`,
      "",
      "| procedure | kind | what it does | in | out | errors |",
      "| --- | --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n");
  });
  const named = Object.entries(shapesOf(procedures)).map(([name, schema]) => {
    const rows = Object.entries(schema.properties ?? {}).map(
      ([field, { description = "", ...rest }]) =>
        `| \`${field}${schema.required?.includes(field) ? "" : "?"}\` | ${shape(rest)} | ${cell(description)} |`,
    );
    return [`### ${name}`, "", "| field | | |", "| --- | --- | --- |", ...rows].join("\n");
  });
  const errors = errorCodes.map((code) => {
    const { httpStatus, message } = new AppError(code);
    return `| \`${code}\` | ${httpStatus} | ${message} |`;
  });
  return [
    "# Reference",
    "Every procedure at `/api/trpc`, generated from the schemas that check it. An `instant` is ISO 8601 in UTC; sizes are bytes. The same as OpenAPI 3.1: `/api/openapi.json`.",
    ...tables,
    "## Shapes",
    ...named,
    "## Errors",
    `\`error.data.appCode\` is one of these, and nothing else. Any call may answer with ${codes(anyCall)}.`,
    ["| code | HTTP | meaning |", "| --- | --- | --- |", ...errors].join("\n"),
    "",
  ].join("\n\n");
}

test.each(procedures)("$path declares what it gives", ({ output }) => {
  expect(output).toBeDefined();
});

test("docs/reference.md is what the schemas say; `vitest -u` writes it", async () => {
  const path = fileURLToPath(new URL("../../../../docs/reference.md", import.meta.url));
  await expect(reference()).toMatchFileSnapshot(path);
});
