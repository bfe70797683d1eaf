import { expect, test } from "vitest";
import { folderOf, problemsOf, tablesIn } from "./table-rules.mjs";

const rules = {
  File: { owner: "files", readBy: ["outbox"] },
  Deletion: { owner: "outbox", writtenBy: ["media/strays.ts"] },
};
const inLibrary = (path, source) => ({ path: `packages/server/src/${path}`, source });
const lawful = [
  inLibrary("files/verbs/a.ts", `UPDATE "File" SET "releasedAt" = now()`),
  inLibrary("outbox/b.ts", `SELECT 1 FROM "File" f`),
  inLibrary("media/sweeps/strays.ts", `INSERT INTO "Deletion" ("bucket") VALUES ($1)`),
];

test("a folder is a feature of the library, of the command, or of the studio", () => {
  expect(folderOf("packages/server/src/files/verbs/a.ts")).toBe("files");
  expect(folderOf("apps/web/src/studio/auth/a.ts")).toBe("web/studio/auth");
  expect(folderOf("apps/web/src/cli/users/a.ts")).toBe("web/cli");
  expect(folderOf("packages/cli/src/backup/a.ts")).toBe("cli/backup");
});

test.each([
  [`INSERT INTO "File" ("id") VALUES ($1)`, true],
  [`UPDATE "File" f SET "id" = $1`, true],
  [`DELETE FROM "File" WHERE true`, true],
  [`await tx.file.updateMany({})`, true],
  [`await ctx.db.file\n  .create({})`, true],
  [`deleteInBatches(ctx, {\n  table: "File" })`, true],
  [`SELECT 1 FROM "File"`, false],
  [`JOIN "File" f ON true`, false],
  [`ctx.db.file.findFirst({})`, false],
])("%s is seen", (source, writes) => {
  expect(tablesIn(source, ["File"])).toEqual([{ table: "File", writes }]);
});

test.each([`FROM "FileVariant"`, `new File(["a"], "b")`, `attachTo("File")`])(
  "%s touches no table",
  (source) => expect(tablesIn(source, ["File"])).toEqual([]),
);

test("the owner, known readers and named writers pass", () => {
  expect(problemsOf(lawful, rules)).toEqual([]);
});

test("another's write is refused, where it may read too, and so is a reader nobody knows", () => {
  const files = [
    ...lawful,
    inLibrary("outbox/c.ts", `DELETE FROM "File"`),
    inLibrary("rooms/d.ts", "db.file.findMany()"),
    inLibrary("media/e.ts", `DELETE FROM "Deletion"`),
  ];
  expect(problemsOf(files, rules)).toEqual([
    expect.stringMatching(/outbox\/c\.ts writes "File"/),
    expect.stringMatching(/rooms\/d\.ts reads "File"/),
    expect.stringMatching(/media\/e\.ts writes "Deletion"/),
  ]);
});

test("an exception that nothing needs any more is told", () => {
  expect(problemsOf(lawful.slice(0, 2), rules)).toEqual([
    expect.stringMatching(/^Deletion media\/strays\.ts/),
  ]);
});
