// `node scripts/check-migrations.mjs`: whether each new migration can be applied while the release before serves.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { problemsOf } from "./migration-rules.mjs";
import { root } from "./workspace.mjs";

/** The last one from before the rule. None of those before it will be applied to an installation that serves. */
const lastExempt = "20261128202400_accounts";
const dir = join(root, "prisma/migrations");

const names = readdirSync(dir)
  .filter((name) => /^\d{14}_/.test(name) && name > lastExempt)
  .sort();
let failed = 0;
for (const name of names) {
  for (const problem of await problemsOf(readFileSync(join(dir, name, "migration.sql"), "utf8"))) {
    console.error(`${name}: ${problem}`);
    failed++;
  }
}
console.log(`${names.length} migrations only add, ${failed} problems`);
process.exit(failed === 0 ? 0 : 1);
