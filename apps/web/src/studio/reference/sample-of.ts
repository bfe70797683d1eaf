import type { JsonSchema } from "@fermata/server/internal";
import { nameOf } from "./type-of";

export type Shapes = Record<string, JsonSchema>;

/** Words of the field's name, where a schema alone would take any text. */
const samples: Record<string, unknown> = {
  contentType: "image/png",
  filename: "score.png",
  email: "ines@example.com",
  name: "Ines",
  timeZone: "Europe/Berlin",
  displayName: "Ines",
  title: "Grand piano, 1908",
  slug: "grand-piano-1908",
  owner: "invoice:123",
  source: "convex",
  password: "four words and a number 7",
  currentPassword: "four words and a number 7",
  newPassword: "four other words and an 8",
  payload: '{"type":"offer"}',
  totp: "123456",
  sizeBytes: 245_760,
  limit: 20,
  sha256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
};

/** What an example gives although it may be left out. */
const shown = new Set(["contentType", "filename", "sizeBytes", "limit"]);

/** An input that the schema takes: what must be given, and little else. */
export function sampleOf(schema: JsonSchema, shapes: Shapes, name = ""): unknown {
  if (schema.$ref) return sampleOf(shapes[nameOf(schema.$ref)] ?? {}, shapes, name);
  if (schema.examples) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [option] = schema.anyOf ?? schema.oneOf ?? [];
  if (option) return sampleOf(option, shapes, name);
  if (schema.type === "object") {
    const fields = Object.entries(schema.properties ?? {}).filter(
      ([field]) => schema.required?.includes(field) || shown.has(field),
    );
    return Object.fromEntries(
      fields.map(([field, inside]) => [field, sampleOf(inside, shapes, field)]),
    );
  }
  if (schema.type === "array") return [sampleOf(schema.items ?? {}, shapes, name)];
  if (schema.type === "boolean") return true;
  if (schema.type === "integer" || schema.type === "number")
    return Math.max(schema.minimum ?? 0, 1);
  if (schema.type === "null") return null;
  if (schema.format === "date-time") return "2030-01-01T00:00:00.000Z";
  return samples[name] ?? "cm4x2k9v80001";
}
