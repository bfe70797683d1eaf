// `node scripts/check-licences.mjs [file]`: writes what is deployed as a bill of materials (CycloneDX), and holds each
// package in it to the licences that may be used.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { problemOf } from "./licence-rules.mjs";
import { pnpm, root } from "./workspace.mjs";

const file = resolve(process.argv[2] ?? join(root, "node_modules/.fermata/sbom.cdx.json"));
mkdirSync(dirname(file), { recursive: true });
// Benches and tests are deployed nowhere.
const filters = ["--filter", "./apps/*", "--filter", "./packages/*"];
await pnpm([...filters, "sbom", "--sbom-format", "cyclonedx", "--prod", "--out", file]);

const { components } = JSON.parse(readFileSync(file, "utf8"));
const foreign = components.filter(({ group, name }) => group !== "@fermata" && name !== "fermata");
const problems = foreign
  .map(({ group, name, licenses = [] }) => ({
    name: group ? `${group}/${name}` : name,
    licence:
      licenses.map((one) => one.expression ?? one.license?.id ?? one.license?.name)[0] ?? null,
  }))
  .map(problemOf)
  .filter(Boolean);
for (const problem of new Set(problems)) console.error(problem);
console.log(`${foreign.length} packages, ${problems.length} problems; ${file}`);
process.exit(foreign.length > 50 && problems.length === 0 ? 0 : 1);
