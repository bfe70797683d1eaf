import { anyCall, type JsonSchema, type ProcedureDescription } from "@fermata/server/internal";
import { shapesOf } from "./described-procedures";

/** The types by which clients call the procedures, with what is to be said of each: from the schemas that check them. */
export function printClientTypes(procedures: ProcedureDescription[]): string {
  const shapes = shapesOf(procedures);
  const inputs: string[] = [];
  const routers = new Map<string, string[]>();
  for (const { path, type, about, callers, errors, input, output } of procedures) {
    const [feature = "", name = ""] = path.split(".");
    const base = pascal(feature) + pascal(name);
    const given = input ? namedOr(inputs, `${base}Input`, input.schema) : "void";
    const optional = input && "default" in input.schema ? " | undefined" : "";
    const answered = namedOr(inputs, `${base}Output`, output.schema);
    const doc = comment([
      `${about} For ${callers}.`,
      errors.length > 0
        ? `@throws ${errors.join(", ")}; as any call, ${anyCall.join(", ")}`
        : `@throws as any call, ${anyCall.join(", ")}`,
    ]);
    const told = tracked.has(path) ? `{ id: string; data: ${answered} }` : answered;
    const line = `${doc}${name}: ${pascal(type)}<${given}${optional}, ${told}>;`;
    routers.set(feature, [...(routers.get(feature) ?? []), line]);
  }
  const named = Object.entries(shapes).map(([name, schema]) => declaration(name, schema));
  const features = [...routers].map(([feature, lines]) => `${feature}: {\n${lines.join("\n")}\n};`);
  return [
    "// Printed from the schemas of the contract by a test of the studio's: `vitest --update=all` writes it.",
    `import type { TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure, TRPCSubscriptionProcedure } from "@trpc/server";`,
    `import type { ErrorShape } from "./error-shape";`,
    "",
    "type Definition<Input, Output> = { input: Input; output: Output; meta: object; errorShape: ErrorShape };",
    "type Query<Input, Output> = TRPCQueryProcedure<Definition<Input, Output>>;",
    "type Mutation<Input, Output> = TRPCMutationProcedure<Definition<Input, Output>>;",
    "type Subscription<Input, Output> = TRPCSubscriptionProcedure<Definition<Input, AsyncIterable<Output, void, undefined>>>;",
    "",
    ...named,
    ...inputs,
    "/** Every procedure of the server. */",
    `export type Procedures = {\n${features.join("\n")}\n};`,
    "",
    "interface RootTypes<Transformer extends boolean> { ctx: object; meta: object; errorShape: ErrorShape; transformer: Transformer }",
    "",
    "/** The router as clients see it. */",
    "export type AppRouter = TRPCBuiltRouter<RootTypes<false>, Procedures>;",
    "",
    "/** The same: its answers are JSON already, so that no type need be worked out again as what JSON makes of it. */",
    "export type PlainRouter = TRPCBuiltRouter<RootTypes<true>, Procedures>;",
    "",
  ].join("\n");
}

/** Streams that are taken up again after the last event's id. */
const tracked = new Set(["signaling.messages"]);

/** Gives an object a name of its own, and leaves what is short in its place. */
function namedOr(declarations: string[], name: string, schema: JsonSchema): string {
  if (!schema.properties) return typeOf(schema);
  declarations.push(declaration(name, schema));
  return name;
}

function declaration(name: string, schema: JsonSchema): string {
  const doc = schema.description ? comment([schema.description]) : "";
  return schema.properties
    ? `${doc}export interface ${name} ${objectOf(schema)}\n`
    : `${doc}export type ${name} = ${typeOf(schema)};\n`;
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return schema.$ref.split("/").at(-1) as string;
  if (Array.isArray(schema.type)) {
    return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map(typeOf).join(" | ");
  if (schema.type === "array") {
    const item = typeOf(schema.items ?? {});
    return / \| |^\{/.test(item) ? `(${item})[]` : `${item}[]`;
  }
  if (schema.properties) return objectOf(schema);
  if (schema.type === "object") {
    const value =
      typeof schema.additionalProperties === "object" ? schema.additionalProperties : {};
    return `Record<string, ${typeOf(value)}>`;
  }
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (typeof schema.type === "string") return schema.type;
  return "unknown";
}

function objectOf({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, field]) => {
    const doc = comment([[field.description, ...boundsOf(field)].filter(Boolean).join(" ")]);
    return `${doc}${name}${required.includes(name) ? "" : "?"}: ${typeOf(field)};`;
  });
  return `{\n${fields.join("\n")}\n}`;
}

const safe = Number.MAX_SAFE_INTEGER;
const count = (n: number) => n.toLocaleString("en-US");

/** What a schema bounds, in words. */
export function boundsOf(schema: JsonSchema): string[] {
  const inner = (schema.anyOf ?? schema.oneOf ?? []).find(({ type }) => type !== "null");
  const {
    minLength = 0,
    maxLength,
    minimum,
    maximum,
    minItems = 0,
    maxItems,
    format,
    default: preset,
  } = {
    ...inner,
    ...schema,
  };
  const words: string[] = [];
  if (format === "date-time") words.push("ISO 8601, in UTC.");
  if (maxLength !== undefined) words.push(`${count(minLength)} to ${count(maxLength)} characters.`);
  if (maximum !== undefined && maximum < safe)
    words.push(`${count(minimum ?? 0)} to ${count(maximum)}.`);
  if (maxItems !== undefined) words.push(`${count(minItems)} to ${count(maxItems)} items.`);
  if (preset !== undefined) words.push(`Default: ${JSON.stringify(preset)}.`);
  return words;
}

function comment(lines: string[]): string {
  const told = lines.filter(Boolean).map((line) => line.replaceAll("*/", "*\\/"));
  if (told.length === 0) return "";
  return told.length === 1
    ? `/** ${told[0]} */\n`
    : `/**\n${told.map((line) => ` * ${line}`).join("\n")}\n */\n`;
}

function pascal(name: string): string {
  return name[0]?.toUpperCase() + name.slice(1);
}
