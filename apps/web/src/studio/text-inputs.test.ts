import type { AnyProcedure } from "@trpc/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "./app-router";

const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, AnyProcedure>,
);

/** Every schema of text that an input is made of, with the path to it. */
function textsIn(schema: z.ZodType, path = ""): [string, z.ZodType][] {
  const { def } = schema as unknown as { def: Record<string, unknown> };
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return [[path, schema]];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, field]) =>
      textsIn(field as z.ZodType, `${path}.${name}`),
    );
  }
  const inner = [def.innerType, def.element, def.in, def.out, ...((def.options as []) ?? [])];
  return inner.flatMap((one) => (one instanceof z.ZodType ? textsIn(one, path) : []));
}

const texts = procedures.flatMap(([name, procedure]) =>
  (procedure._def as unknown as { inputs: z.ZodType[] }).inputs.flatMap((input) =>
    textsIn(input, name),
  ),
);

describe("text that cannot be kept is refused, whatever asks for it", () => {
  test.each(texts)("%s", (_, schema) => {
    // Shapes that some format or other would take, if it looked at nothing else.
    for (const text of ["a$b", "$", "maja$@example.com", "https://example.com/$", "image/png; $"]) {
      for (const bad of ["\0", "\ud83d", "\udc00"]) {
        expect(schema.safeParse(text.replace("$", bad)).success).toBe(false);
      }
    }
  });

  test("there are such inputs", () => {
    expect(texts.length).toBeGreaterThan(60);
  });
});
