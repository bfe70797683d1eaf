import type { JsonSchema } from "@fermata/server/internal";

/** A schema as people write types, in one line; `instant` is ISO 8601 in UTC. */
export function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map(typeOf).join(" | ");
  if (schema.type === "array") return inArray(typeOf(schema.items ?? {}));
  if (schema.type === "object") return objectOf(schema);
  if (schema.format === "date-time") return "instant";
  return [schema.type ?? "unknown"].flat().join(" | ");
}

export const nameOf = (ref: string) => ref.split("/").at(-1) ?? "";

const inArray = (type: string) => (type.includes(" | ") ? `(${type})[]` : `${type}[]`);

function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? "" : "?"}: ${typeOf(field)}`,
  );
  if (fields.length > 0) return `{ ${fields.join(", ")} }`;
  if (typeof additionalProperties === "object")
    return `Record<string, ${typeOf(additionalProperties)}>`;
  return "object";
}

export interface Field {
  /** `items[].image.width`; with `?` where it may be left out. */
  path: string;
  type: string;
  /** What it is, its limits, and what it is when left out. */
  about: string;
}

/** Every field with a line of its own, those of objects inside too. */
export function fieldsOf(schema: JsonSchema, before = ""): Field[] {
  const options = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== "null");
  if (options.length > 0)
    return withoutTwins(options.flatMap((option) => fieldsOf(option, before)));
  if (schema.type === "array") return fieldsOf(schema.items ?? {}, `${before}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isRequired = schema.required?.includes(name) ?? false;
    const path = `${before}${before && "."}${name}`;
    const inside = fieldsOf(field, path);
    return [
      {
        path: `${path}${isRequired ? "" : "?"}`,
        type: inside.length > 0 ? outerTypeOf(field) : typeOf(field),
        about: aboutOf(field),
      },
      ...inside,
    ];
  });
}

/** Options of a union that share a field say it once. */
function withoutTwins(fields: Field[]): Field[] {
  const byLine = new Map(fields.map((field) => [`${field.path} ${field.type}`, field]));
  return [...byLine.values()];
}

/** Of what has its fields listed below it: that it is an object, a list of them, or perhaps null. */
function outerTypeOf(schema: JsonSchema): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return [...new Set(options.map(outerTypeOf))].join(" | ");
  if (schema.type === "array") return inArray(outerTypeOf(schema.items ?? {}));
  return schema.type === "object" ? "object" : typeOf(schema);
}

function aboutOf(schema: JsonSchema): string {
  const given =
    schema.default === undefined ? "" : `Default: \`${JSON.stringify(schema.default)}\`.`;
  return [schema.description, limitsOf(schema), given].filter(Boolean).join(" ");
}

function limitsOf(schema: JsonSchema): string {
  const [told = schema] = [schema, ...(schema.anyOf ?? [])].filter(
    ({ maxLength, minLength, maximum, minimum, maxItems, minItems }) =>
      (maxLength ?? minLength ?? maximum ?? minimum ?? maxItems ?? minItems) !== undefined,
  );
  return (
    span(told.minLength, told.maxLength, "characters") ||
    span(told.minItems, told.maxItems, "entries") ||
    span(told.minimum, told.maximum, "")
  );
}

/** The limit of JavaScript's whole numbers is nobody's limit. */
const isLimit = (value: number | undefined) =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;

function span(least: number | undefined, most: number | undefined, unit: string): string {
  const words = (value: number | undefined) =>
    `${value?.toLocaleString("en")}${unit && ` ${unit}`}`;
  if (isLimit(most))
    return least ? `${least.toLocaleString("en")} to ${words(most)}.` : `At most ${words(most)}.`;
  return isLimit(least) && least !== 0 ? `At least ${words(least)}.` : "";
}
