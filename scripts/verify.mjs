// `pnpm verify`: what CI checks beside the tests. Every check runs, so that one run shows all there is to mend.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, install, pnpm, requireNode, root } from "./workspace.mjs";

requireNode();
await install({ all: true });
await build({ all: true });

/** Types alone, since it writes what the documentation is built of; then two at a time, the longest first. */
const checks = [
  ["types", ["run", "typecheck"]],
  ["documentation", ["exec", "node", "scripts/check-docs.mjs"]],
  ["published packages", ["--filter", "@fermata/api", "run", "check:pack"]],
  ["import rules", ["run", "boundaries"]],
  ["unused code and dependencies", ["exec", "knip"]],
  ["format and lint", ["exec", "biome", "ci", "."]],
  ["infrastructure", ["exec", "node", "scripts/check-terraform.mjs"]],
  ["licences, and a bill of materials", ["exec", "node", "scripts/check-licences.mjs"]],
  ["sizes of the client", ["--filter", "@fermata/api", "run", "check:sizes"]],
  ["sizes of functions on Vercel", ["exec", "node", "scripts/check-vercel.mjs"]],
  ["migrations", ["exec", "node", "scripts/check-migrations.mjs"]],
  ["owners of tables", ["exec", "node", "scripts/check-tables.mjs"]],
  ["workspace consistency", ["exec", "sherif"]],
];

const logs = join(root, "node_modules/.fermata/verify");
rmSync(logs, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });

const failed = [];
const waiting = checks.entries();
await check(waiting.next().value);
await Promise.all([checkOn(), checkOn()]);

console.log(
  failed.length === 0
    ? `\nverify: ${checks.length} checks passed`
    : `\nverify: failed: ${failed.join(", ")}`,
);
process.exit(failed.length === 0 ? 0 : 1);

/** What it says is told whole. */
async function check([index, [title, args]]) {
  const logFile = join(logs, `${index}.log`);
  await pnpm(args, { logFile }).catch(() => failed.push(title));
  console.log(`\n== ${title}\n${readFileSync(logFile, "utf8").trimEnd()}`);
}

async function checkOn() {
  for (const next of waiting) await check(next);
}
