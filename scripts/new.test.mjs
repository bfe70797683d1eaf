import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemsOf } from "./migration-rules.mjs";
import { write } from "./new/changes.mjs";
import { newJob } from "./new/job.mjs";
import { newOwner } from "./new/owner.mjs";
import { newPage } from "./new/page.mjs";
import { newProcedure } from "./new/procedure.mjs";
import { root as repository } from "./workspace.mjs";

const touched = [
  ...["apps/web/src/studio", "apps/web/src/lib", "packages/contract/src", "prisma"],
  ...["docs/crons.md", "e2e/src/accessibility.test.ts", "e2e/src/screens/pages.ts"],
  "e2e/src/security/pages.test.ts",
];

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fermata-new-"));
  for (const path of touched) cpSync(join(repository, path), join(root, path), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (path) => readFileSync(join(root, path), "utf8");

/** Writes all of it, and gives the paths: each is one that a compiler can read. */
function generate(make, name, flags = []) {
  const paths = write(root, make(name, { root, flags }).changes);
  for (const path of paths.filter((one) => /\.tsx?$/.test(one))) {
    const { diagnostics } = ts.transpileModule(read(path), {
      fileName: path,
      reportDiagnostics: true,
    });
    expect(diagnostics.map(({ messageText }) => `${path}: ${messageText}`)).toEqual([]);
  }
  return paths;
}

describe("a procedure", () => {
  test("of a new feature has contract, verb, route, test and who may call it", () => {
    const paths = generate(newProcedure, "notes.renameAll");
    expect(paths).toContain("packages/contract/src/notes.ts");
    expect(read("packages/contract/src/index.ts")).toContain('export { notes } from "./notes";');
    expect(read("apps/web/src/studio/notes/rename-all.ts")).toContain("function renameAll(");
    expect(read("apps/web/src/studio/notes/rename-all.test.ts")).toContain("me.notes.renameAll(");
    expect(read("apps/web/src/studio/notes/router.ts")).toContain(".mutation(");
    expect(read("apps/web/src/studio/routes.ts")).toContain("  notes: notesRouter,\n}");
    expect(read("apps/web/src/studio/procedure-terms.ts")).toMatch(/settings, notes \}/);
    for (const file of ["procedure-access.ts", "procedure-access.test.ts"])
      expect(read(`apps/web/src/studio/${file}`)).toContain('"notes.renameAll":');
  });

  test("joins what its feature has already, wherever that stands", () => {
    expect(generate(newProcedure, "profile.motto", ["--query"])).toContain(
      "packages/contract/src/auth.ts",
    );
    const router = read("apps/web/src/studio/profile/router.ts");
    expect(router).toMatch(/setName: userProcedure[\s\S]*motto: userProcedure[\s\S]*\.query\(/);
    expect(read("packages/contract/src/auth.ts")).toMatch(
      /export const profile = \{\n {2}motto: \{[\s\S]*setAvatar: \{/,
    );
  });

  test("is refused whole where it is there already", () => {
    const before = read("apps/web/src/studio/profile/router.ts");
    expect(() => generate(newProcedure, "profile.setName")).toThrow("set-name.ts is there already");
    expect(read("apps/web/src/studio/profile/router.ts")).toBe(before);
    expect(() => generate(newProcedure, "profile")).toThrow("say a feature and a verb");
  });
});

test("a job has its verb, its schedule, its test and its line in the guide", () => {
  generate(newJob, "notes.pruneDrafts");
  expect(read("apps/web/src/studio/notes/prune-drafts.ts")).toContain("function pruneDrafts(");
  expect(read("apps/web/src/studio/crons.ts")).toMatch(/"prune drafts",[\s\S]*pruneDrafts\(/);
  expect(read("docs/crons.md")).toContain("| prune drafts | 30 4 * * * | 30 |");
  expect(existsSync(join(root, "apps/web/src/studio/notes/prune-drafts.test.ts"))).toBe(true);
});

test("an owner has a column, both sides of the relation, its line, and migrations that only add", async () => {
  const paths = generate(newOwner, "Instrument.certificateId");
  const schema = paths
    .filter((path) => path.endsWith(".prisma"))
    .map(read)
    .join("\n");
  const model = (name) => new RegExp(`^model ${name} \\{.*?^\\}`, "ms").exec(schema)?.[0];
  expect(model("Instrument")).toContain("\n  certificateId String? @unique\n");
  expect(model("File")).toContain("\n  certificateOfInstrument Instrument? @relation(");
  expect(read("apps/web/src/studio/file-owners.ts")).toMatch(
    /certificateOfInstrument: \{[^}]*column: "certificateId"/,
  );
  const migrations = paths.filter((path) => path.endsWith("migration.sql"));
  expect(migrations).toHaveLength(3);
  for (const path of migrations) expect(await problemsOf(read(path))).toEqual([]);
  expect(() => generate(newOwner, "Missing.fileId")).toThrow("has no Missing");
});

test("a page has its route, its place in the sidebar with a key of its own, and is looked at by what looks at all", () => {
  generate(newPage, "guestBook");
  expect(read("apps/web/src/app/(console)/(in-browser)/guest-book/page.tsx")).toContain(
    "<GuestBookPage />",
  );
  const keys = [...read("apps/web/src/lib/navigation.ts").matchAll(/key: "(.)"/g)];
  expect(new Set(keys.map(([, key]) => key)).size).toBe(keys.length);
  expect(read("e2e/src/accessibility.test.ts")).toContain('["/guest-book", "Guest book"]');
  expect(read("e2e/src/screens/pages.ts")).toContain('signedIn("guest-book", "/guest-book")');
  expect(read("e2e/src/security/pages.test.ts")).toContain('"/guest-book", "/audit"');
});
