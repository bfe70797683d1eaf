// Before the package is packed: builds what is published, and puts the migrations beside it.
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const packageDir = resolve(import.meta.dirname, "..");
execFileSync(join(packageDir, "node_modules/.bin/tsdown"), { cwd: packageDir, stdio: "inherit" });
const published = join(packageDir, "dist/lib");
cpSync(join(packageDir, "../../prisma/migrations"), join(published, "migrations"), {
  recursive: true,
});

// The bundler of declarations leaves imports behind of which nothing is used any more: an app would need their types.
for (const name of readdirSync(published).filter((one) => one.endsWith(".d.ts"))) {
  const text = readFileSync(join(published, name), "utf8");
  const used = text.replace(/^import (?:type )?([^"]+) from "[^"]+";\n/gm, (line, bindings) => {
    const rest = text.replace(line, "");
    const isUsed = namesOf(bindings).some((one) => new RegExp(`\\b${one}\\b`).test(rest));
    return isUsed ? line : "";
  });
  if (used !== text) writeFileSync(join(published, name), used);
}

/** What `a, { b, type c as d }` or `* as e` brings in. */
function namesOf(bindings) {
  return bindings
    .replace(/[{}]/g, "")
    .split(",")
    .map((one) => one.trim().split(/\s+/).at(-1))
    .filter(Boolean);
}
