import { z } from "zod";

/** What is used of JSON Schema. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  format?: string;
  default?: unknown;
  examples?: readonly unknown[];
  description?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

/** A schema's shape with each field described, and the named shapes that it refers to. */
export interface DescribedSchema {
  schema: JsonSchema;
  shapes: Record<string, JsonSchema>;
}

/** Where a field stands: what may say more of it than its name does, the nearest first. */
type Place = string[];
type Words = Readonly<Record<string, string>>;

export function describeSchema(
  schema: z.ZodType,
  { io, place, fields }: { io: "input" | "output"; place: Place; fields: Words },
): DescribedSchema {
  const { $defs = {}, ...own } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
  }) as JsonSchema;
  delete (own as { $schema?: string }).$schema;
  for (const [name, shape] of Object.entries($defs)) {
    delete (shape as { id?: string }).id;
    describeFields(shape, [name], fields);
  }
  delete (own as { id?: string }).id;
  describeFields(own, [io, ...place], fields);
  return { schema: own, shapes: $defs };
}

function describeFields(schema: JsonSchema, place: Place, words: Words): void {
  for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    describeFields(option, place, words);
  }
  if (schema.items) describeFields(schema.items, place, words);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const meaning = meaningOf(name, place, words);
    if (meaning) field.description ??= meaning;
    describeFields(field, [name, ...place], words);
  }
}

function meaningOf(name: string, place: Place, words: Words): string | undefined {
  for (const holder of place) {
    const nearer = words[`${holder}.${name}`];
    if (nearer) return nearer;
  }
  return words[name];
}
