import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, insert, make } from "./changes.mjs";
import { kebab, spoken } from "./names.mjs";

const owners = "apps/web/src/studio/file-owners.ts";

/** A column of one of the studio's tables that owns a file: column, relation, migrations, and whose the file is. */
export function newOwner(name, { root }) {
  const [, model, column] = /^([A-Z][A-Za-z]*)\.([a-z][A-Za-z]*Id)$/.exec(name) ?? [];
  if (!column) fail(`${name}: say a table and a column, such as Instrument.certificateId`);
  const schema = schemaOf(root, model);
  const what = column.replace(/Id$/, "");
  const relation = `${kebab(model)}-${kebab(what)}`;
  const back = `${what}Of${model}`;
  const [added, index, valid] = nextMigrations(root, `${model}_${what}`);
  return {
    changes: [
      insert(schema, { before: endOf(model), line: columnLines(column, what, relation) }),
      insert(schemaOf(root, "File"), {
        before: endOf("File"),
        line: `\n\n  ${back} ${model}? @relation("${relation}")`,
      }),
      make(`${added}/migration.sql`, columnText(model, column)),
      make(`${index}/migration.sql`, indexText(model, column)),
      make(`${valid}/migration.sql`, validText(model, column)),
      insert(owners, {
        before: "} satisfies Record<OwnerRelation, FileOwner>;",
        line: `  ${back}: {
    table: "${model}",
    column: "${column}",
    relation: "${kebab(model)}.${what}",
    whenFileDeleted: "clear",
  },
`,
      }),
    ],
    next: [
      `Attach the ${spoken(what)} in a verb of yours, as apps/web/src/studio/profile/set-avatar.ts does.`,
      "npm run db:generate && npm run verify",
    ],
  };
}

/** The file that a table stands in. */
function schemaOf(root, model) {
  const files = readdirSync(join(root, "prisma"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".prisma"))
    .map((name) => `prisma/${name.replaceAll("\\", "/")}`);
  const holds = (path) => readFileSync(join(root, path), "utf8").includes(`model ${model} {`);
  return files.find(holds) ?? fail(`prisma has no ${model}`);
}

/** After a model's last field. */
const endOf = (model) =>
  new RegExp(`(?<=^model ${model} \\{(?:(?!^\\}).)*?)\\n(?=\\n {2}@@|\\})`, "ms");

function columnLines(column, what, relation) {
  const [name, type] = [what.padEnd(column.length), "File?".padEnd("String?".length)];
  return `

  ${column} String? @unique
  // NoAction: a file that a row refers to cannot be purged, whatever the purge believes.
  ${name} ${type} @relation("${relation}", fields: [${column}], references: [id], onDelete: NoAction, onUpdate: NoAction)`;
}

/** Numbered after the newest. */
function nextMigrations(root, name) {
  const numbers = readdirSync(join(root, "prisma/migrations"))
    .filter((entry) => /^\d{14}_/.test(entry))
    .map((entry) => BigInt(entry.slice(0, 14)));
  const newest = numbers.toSorted((a, b) => (a < b ? -1 : 1)).at(-1) ?? 0n;
  const suffix = kebab(name).replaceAll("-", "_");
  return [suffix, `${suffix}_index`, `${suffix}_valid`].map(
    (entry, at) => `prisma/migrations/${newest + 100n + BigInt(at)}_${entry}`,
  );
}

const columnText = (model, column) => `-- A file of its own. Rows that are there have none.
ALTER TABLE "${model}" ADD COLUMN "${column}" TEXT;

ALTER TABLE "${model}" ADD CONSTRAINT "${model}_${column}_fkey" FOREIGN KEY ("${column}") REFERENCES "File"("id") ON DELETE NO ACTION ON UPDATE NO ACTION NOT VALID;

-- A released file is purged a day after: also one whose row is deleted.
CREATE FUNCTION fermata_${model.toLowerCase()}_${column.toLowerCase()}_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "File" SET "releasedAt" = now() WHERE "id" IN (SELECT "${column}" FROM gone);
  RETURN NULL;
END $$;

CREATE TRIGGER "${model}_${column}_deleted" AFTER DELETE ON "${model}"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION fermata_${model.toLowerCase()}_${column.toLowerCase()}_deleted();
`;

const indexText = (model, column) => `-- No two rows own one file.
CREATE UNIQUE INDEX CONCURRENTLY "${model}_${column}_key" ON "${model}"("${column}");
`;

const validText = (
  model,
  column,
) => `-- Apart from what added it, so that nobody waits while rows are looked at.
ALTER TABLE "${model}" VALIDATE CONSTRAINT "${model}_${column}_fkey";
`;
