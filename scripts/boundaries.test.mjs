import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./workspace.mjs";

let dir;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "fermata-boundaries-"));
  for (const name of [".dependency-cruiser.cjs", "tsconfig.base.json", "tsconfig.cruise.json"]) {
    cpSync(join(root, name), join(dir, name));
  }
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Plants files, each a path and its text, in an empty tree and says what the rules make of them. */
function check(files) {
  for (const folder of ["apps", "packages", "e2e"]) {
    rmSync(join(dir, folder), { recursive: true, force: true });
    mkdirSync(join(dir, folder));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "json",
      "apps",
      "packages",
      "e2e",
    ],
    { cwd: dir, encoding: "utf8" },
  );
  return JSON.parse(stdout).summary.violations.map((violation) => violation.rule.name);
}

const target = "export const value = 1;\nexport type Value = number;\n";

test.each([
  ["contract-imports-zod-only", "packages/contract/src/a.ts", "packages/server/src/b.ts"],
  ["server-knows-no-web", "packages/server/src/a.ts", "apps/web/src/b.ts"],
  ["server-uses-embedded-in-tests-only", "packages/server/src/a.ts", "packages/embedded/src/b.ts"],
  ["api-takes-only-types-of-the-server", "packages/api/src/a.ts", "packages/server/src/b.ts"],
  ["embedded-stands-alone", "packages/embedded/src/a.ts", "packages/server/src/b.ts"],
  ["pages-use-the-client", "apps/web/src/app/a.tsx", "packages/server/src/b.ts"],
  ["mirror-uses-the-client", "apps/mirror/src/a.tsx", "packages/server/src/b.ts"],
  ["mirror-uses-the-client", "apps/mirror/src/a.tsx", "packages/contract/src/b.ts"],
  ["mirror-uses-the-client", "apps/mirror/src/a.tsx", "apps/web/src/components/b.ts"],
  ["only-the-start-uses-embedded", "apps/web/src/a.ts", "packages/embedded/src/b.ts"],
  [
    "adapters-are-named-by-the-composition",
    "packages/server/src/files/a.ts",
    "packages/server/src/adapters/b.ts",
  ],
  [
    "verbs-do-not-call-routers",
    "packages/server/src/files/a.ts",
    "packages/server/src/files/router.ts",
  ],
  ["server-knows-no-web", "packages/server/src/files/verbs/a.ts", "apps/web/src/studio/auth/b.ts"],
  [
    "only-the-composition-knows-the-studio",
    "apps/web/src/cli/a.ts",
    "apps/web/src/studio/auth/b.ts",
  ],
  ["the-app-uses-the-door", "apps/web/src/server.ts", "packages/server/src/files/verbs/b.ts"],
  ["tests-of-the-whole-are-black-box", "e2e/src/a.ts", "packages/server/src/b.ts"],
])("%s: %s may not import %s", (rule, from, to) => {
  const up = "../".repeat(dirname(from).split("/").length);
  const specifier = `${up}${to.replace(/\.tsx?$/, "")}`;
  expect(check({ [from]: `export { value } from "${specifier}";\n`, [to]: target })).toContain(
    rule,
  );
});

test("types of the server may be imported by the client", () => {
  const files = {
    "packages/api/src/a.ts":
      'import type { Value } from "../../server/src/b";\nexport const one: Value = 1;\n',
    "packages/server/src/b.ts": target,
  };
  expect(check(files)).toEqual([]);
});

test("Piano Mirror may import the client", () => {
  const files = {
    "apps/mirror/src/a.ts": 'export { value } from "../../../packages/api/src/b";\n',
    "packages/api/src/b.ts": target,
  };
  expect(check(files)).toEqual([]);
});

test("circles are refused", () => {
  const files = {
    "packages/server/src/a.ts": 'import { b } from "./b";\nexport const a = () => b;\n',
    "packages/server/src/b.ts": 'import { a } from "./a";\nexport const b = () => a;\n',
  };
  expect(check(files)).toContain("no-circles");
});
