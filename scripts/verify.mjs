// `pnpm verify`: what CI checks beside the tests. Every check runs, so that one run shows all there is to mend.
import { build, install, pnpm, requireNode } from "./workspace.mjs";

requireNode();
await install({ all: true });
await build({ all: true });

const checks = [
  ["format and lint", ["exec", "biome", "ci", "."]],
  ["types", ["run", "typecheck"]],
  ["import rules", ["run", "boundaries"]],
  ["unused code and dependencies", ["exec", "knip"]],
  ["workspace consistency", ["exec", "sherif"]],
  ["published packages", ["--filter", "@fermata/api", "run", "check:pack"]],
  ["licences, and a bill of materials", ["exec", "node", "scripts/check-licences.mjs"]],
  ["migrations", ["exec", "node", "scripts/check-migrations.mjs"]],
  ["owners of tables", ["exec", "node", "scripts/check-tables.mjs"]],
  ["sizes of the client", ["--filter", "@fermata/api", "run", "check:sizes"]],
  ["documentation", ["exec", "node", "scripts/check-docs.mjs"]],
  ["sizes of functions on Vercel", ["exec", "node", "scripts/check-vercel.mjs"]],
  ["infrastructure", ["exec", "node", "scripts/check-terraform.mjs"]],
];

const failed = [];
for (const [title, args] of checks) {
  console.log(`\n== ${title}`);
  await pnpm(args).catch(() => failed.push(title));
}
console.log(
  failed.length === 0
    ? `\nverify: ${checks.length} checks passed`
    : `\nverify: failed: ${failed.join(", ")}`,
);
process.exit(failed.length === 0 ? 0 : 1);
