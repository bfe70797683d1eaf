// Before the package is packed: builds what is published, and puts the migrations beside it.
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { withoutUnusedImports } from "../../../scripts/unused-imports.mjs";

const packageDir = resolve(import.meta.dirname, "..");
execFileSync(join(packageDir, "node_modules/.bin/tsdown"), { cwd: packageDir, stdio: "inherit" });
const published = join(packageDir, "dist/lib");
cpSync(join(packageDir, "../../prisma/migrations"), join(published, "migrations"), {
  recursive: true,
});

// The bundler of declarations leaves imports behind of which nothing is used any more: an app would need their types.
for (const name of readdirSync(published).filter((one) => one.endsWith(".d.ts"))) {
  const text = readFileSync(join(published, name), "utf8");
  const used = withoutUnusedImports(text);
  if (used !== text) writeFileSync(join(published, name), used);
}
