import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./workspace.mjs";

const namesIn = (path) =>
  [...readFileSync(join(root, path), "utf8").matchAll(/^\s*([A-Z][A-Z0-9_]+)=/gm)].map(
    ([, name]) => name,
  );

test("what Terraform puts out is read by the server, and the store's variables are all there", () => {
  const known = namesIn(".env.example");
  const written = namesIn("infra/terraform/modules/studio/outputs.tf");
  expect(known).toEqual(expect.arrayContaining(written));
  // Buckets of one's own need no folder in them.
  const needed = known.filter((name) => name.startsWith("S3_") && name !== "S3_KEY_PREFIX");
  expect(written).toEqual(expect.arrayContaining(needed));
});
