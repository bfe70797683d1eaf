import { errorCodes } from "@fermata/contract";
import {
  AppError,
  anyCall,
  type JsonSchema,
  type ProcedureDescription,
} from "@fermata/server/internal";
import { type Shapes, sampleOf } from "./sample-of";
import { fieldsOf, typeOf } from "./type-of";

/** The reference as Markdown, by the name of each file: a page a procedure, the shapes, the errors, and a list of all. */
export function referencePages(
  procedures: ProcedureDescription[],
  shapes: Shapes,
): Map<string, string> {
  return new Map([
    ["README.md", listOf(procedures)],
    ["shapes.md", pageOfShapes(shapes)],
    ["errors.md", pageOfErrors()],
    ...procedures.map((procedure): [string, string] => [
      `${procedure.path.replace(".", "/")}.md`,
      pageOf(procedure, shapes),
    ]),
  ]);
}

const blocks = (...parts: (string | false)[]) =>
  `${parts.filter((part) => part !== false).join("\n\n")}\n`;
const cell = (text: string) => text.replaceAll("|", "\\|");
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

function listOf(procedures: ProcedureDescription[]): string {
  const features = [...new Set(procedures.map(({ path }) => path.split(".")[0] ?? ""))];
  return blocks(
    "# Reference",
    "Every procedure at `/api/trpc`, made from the schemas that check it. An `instant` is ISO 8601 in UTC; sizes are bytes. The same as OpenAPI 3.1: `/api/openapi.json`. [Shapes](shapes.md) that several share, and [errors](errors.md), have pages of their own.",
    ...features.flatMap((feature) => [
      `## ${feature}`,
      table(
        ["procedure", "kind", "what it does"],
        procedures
          .filter(({ path }) => path.startsWith(`${feature}.`))
          .map(({ path, type, about }) => [
            `[\`${path}\`](${path.replace(".", "/")}.md)`,
            type,
            cell(about),
          ]),
      ),
    ]),
  );
}

function pageOf(
  { path, type, about, callers, errors, input, output }: ProcedureDescription,
  shapes: Shapes,
): string {
  const sample = input && sampleOf(input.schema, shapes);
  const own = errors.filter((code) => !(anyCall as readonly string[]).includes(code));
  return blocks(
    `# ${path}`,
    `A ${type}. ${about} For ${callers}.`,
    "## Input",
    fieldTable(input?.schema) ?? "Nothing.",
    "## Output",
    fieldTable(output.schema) ?? `\`${typeOf(output.schema)}\``,
    "## Errors",
    own.length > 0 &&
      table(
        ["code", "HTTP", "meaning"],
        own.map((code) => rowOfError(code)),
      ),
    `${own.length > 0 ? "And, as" : "As"} any call, ${anyCall.map((code) => `\`${code}\``).join(", ")}: [all errors](../errors.md).`,
    "## In TypeScript",
    `\`\`\`ts\n${typescriptOf(path, type, sample)}\n\`\`\``,
    "## With curl",
    `\`\`\`sh\n${curlOf(path, type, sample)}\n\`\`\``,
  );
}

function fieldTable(schema: JsonSchema | undefined): string | undefined {
  const fields = schema ? fieldsOf(schema) : [];
  if (fields.length === 0) return undefined;
  return table(
    ["field", "type", ""],
    fields.map(({ path, type, about }) => [`\`${path}\``, linked(type, "../"), cell(about)]),
  );
}

/** A type in code, or a link to the shape that it is. */
function linked(type: string, up: string): string {
  const name = /^([A-Z]\w+)(\[\]| \| null)?$/.exec(type)?.[1];
  if (!name) return `\`${cell(type)}\``;
  return `[\`${cell(type)}\`](${up}shapes.md#${name.toLowerCase()})`;
}

function typescriptOf(path: string, type: ProcedureDescription["type"], sample: unknown): string {
  const input = sample === undefined || sample === null ? "" : literal(sample);
  if (type === "subscription") {
    return `const subscription = client.trpc.${path}.subscribe(${input}, {\n  onData: (event) => console.log(event),\n});`;
  }
  return `const answer = await client.trpc.${path}.${type === "query" ? "query" : "mutate"}(${input});`;
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, " ")
    .replace(/"([A-Za-z_]\w*)":/g, "$1:");
}

function curlOf(path: string, type: ProcedureDescription["type"], sample: unknown): string {
  const url = `"$FERMATA_URL/api/trpc/${path}"`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  const json =
    sample === undefined || sample === null
      ? null
      : JSON.stringify(sample).replaceAll("'", "'\\''");
  if (type !== "mutation") {
    const input = json ? ` --data-urlencode 'input=${json}'` : "";
    return `curl -G ${type === "subscription" ? "-N " : ""}${url} ${bearer}${input}`;
  }
  return `curl ${url} ${bearer} -H 'Content-Type: application/json' -d '${json ?? "{}"}'`;
}

function pageOfShapes(shapes: Shapes): string {
  const sections = Object.entries(shapes)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, shape]) => [`## ${name}`, fieldTableOfShape(shape)]);
  return blocks("# Shapes", "What several procedures take or give.", ...sections);
}

function fieldTableOfShape(shape: JsonSchema): string {
  const fields = fieldsOf(shape);
  if (fields.length === 0) return `\`${cell(typeOf(shape))}\``;
  return table(
    ["field", "type", ""],
    fields.map(({ path, type, about }) => [`\`${path}\``, linked(type, ""), cell(about)]),
  );
}

function pageOfErrors(): string {
  return blocks(
    "# Errors",
    `\`error.data.appCode\` is one of these, and nothing else. Any call may answer with ${anyCall.map((code) => `\`${code}\``).join(", ")}.`,
    table(
      ["code", "HTTP", "meaning"],
      errorCodes.map((code) => rowOfError(code)),
    ),
  );
}

function rowOfError(code: (typeof errorCodes)[number]): string[] {
  const { httpStatus, message } = new AppError(code);
  return [`\`${code}\``, String(httpStatus), cell(message)];
}
