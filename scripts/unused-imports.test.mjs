import { expect, test } from "vitest";
import { withoutUnusedImports } from "./unused-imports.mjs";

test("an import goes of which nothing is used, and one stays of which anything is", () => {
  const kept = `import { type a, b as c } from "one";\nimport type * as d from "two";\n`;
  const text = `import { e, f } from "three";\n${kept}declare const x: c | d.y;\n`;
  expect(withoutUnusedImports(text)).toBe(`${kept}declare const x: c | d.y;\n`);
});

test("a name with a dollar, as the bundler of declarations gives, is a name", () => {
  const text = `import * as _$_trpc_server0 from "@trpc/server";\ndeclare const x: _$_trpc_server0.Procedure;\n`;
  expect(withoutUnusedImports(text)).toBe(text);
});
