// `node scripts/check-tables.mjs`: whether each table is written by its owner alone, and read by whom its owner knows.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tableOwners } from "./table-owners.mjs";
import { problemsOf } from "./table-rules.mjs";
import { root } from "./workspace.mjs";

const rooms = ["packages/server/src", "packages/cli/src", "apps/web/src"];
const isSource = (path) =>
  /\.tsx?$/.test(path) && !/\.test\.|(^|\/)(testing|generated)\//.test(path);

const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true })
    .filter(isSource)
    .map((path) => ({
      path: `${room}/${path}`,
      source: readFileSync(join(root, room, path), "utf8"),
    })),
);
const schema = readdirSync(join(root, "prisma"), { recursive: true })
  .filter((path) => path.endsWith(".prisma"))
  .map((path) => readFileSync(join(root, "prisma", path), "utf8"))
  .join("\n");
const tables = [...schema.matchAll(/^model (\w+)/gm)].map(([, table]) => table);
const problems = [
  ...tables
    .filter((table) => !tableOwners[table])
    .map((table) => `${table} has no owner: scripts/table-owners.mjs`),
  ...problemsOf(files, tableOwners),
];
for (const problem of problems) console.error(problem);
console.log(`${tables.length} tables with one owner each, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
