import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./workspace.mjs";

const page = readFileSync(join(root, "docs/guarantees.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (promise|---)/.test(line));

test("every promise names a test that exists", () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const [, file, title] = /\| `([^`]+)` "(.+)" \|/.exec(row) ?? [];
    expect(file, row).toBeDefined();
    expect(existsSync(join(root, file)), file).toBe(true);
    const source = readFileSync(join(root, file), "utf8");
    // As it stands where a test is declared: its title ends there, too.
    const declared = [`"${title}"`, `'${title}'`, `\`${title}\``];
    expect(
      declared.some((text) => source.includes(text)),
      `${file} has no test "${title}"`,
    ).toBe(true);
  }
});

test("every place that the page leads to exists", () => {
  for (const [, target] of page.matchAll(/\]\(([\w./-]*)(?:#[\w-]+)?\)/g))
    if (target) expect(existsSync(join(root, "docs", target)), target).toBe(true);
});
