// Before the package is packed: builds what is published, and puts the migrations beside it.
import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";

const packageDir = resolve(import.meta.dirname, "..");
execFileSync(join(packageDir, "node_modules/.bin/tsdown"), { cwd: packageDir, stdio: "inherit" });
cpSync(join(packageDir, "../../prisma/migrations"), join(packageDir, "dist/lib/migrations"), {
  recursive: true,
});
