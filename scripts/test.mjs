// `npm test`: everything, from nothing. Arguments go to vitest: `npm test -- files`.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { build, install, pnpm, requireNode, root } from "./workspace.mjs";

/** More failures than this are no accident of a busy machine. */
const maxLateFiles = 3;

requireNode();

await install({ all: true });
await build({ all: true });
await pnpm(["run", "typecheck"], { env: { TURBO_TELEMETRY_DISABLED: "1" } }).catch(() =>
  process.exit(1),
);

const run = await runTests(process.argv.slice(2));
const late = run.files.filter(({ status }) => status === "failed").map(({ name }) => name);
// What was late among many is asked once more, alone; what is wrong is wrong again.
if (run.uncaughtErrors === 0 && late.length > 0 && late.length <= maxLateFiles) {
  const names = late.map((name) => relative(root, name)).join(", ");
  console.log(`\nFailed beside others, and run again alone: ${names}\n`);
  const again = await runTests([...late, "--maxWorkers", "1"]);
  run.files = [...run.files.filter(({ name }) => !late.includes(name)), ...again.files];
  run.failed = again.failed;
}

const tests = run.files.flatMap(({ assertionResults }) => assertionResults);
const leftOut = tests.filter(({ status }) => status === "skipped" || status === "pending");
for (const { fullName } of leftOut) console.log(`left out: ${fullName}`);
if (leftOut.length > 0) {
  console.log(
    `${leftOut.length} tests were left out: they need a system package. The reason stands where each file begins.`,
  );
}
const count = (wanted) => tests.filter(({ status }) => status === wanted).length;
console.log(`${count("passed")} passed, ${count("failed")} failed, ${leftOut.length} skipped`);

if (run.failed) process.exit(1);
// Where every package can be installed, leaving a test out is a failure.
if (process.env.CI && leftOut.length > 0) process.exit(1);

/** Runs vitest to its end; `failed` also for what no test tells, such as an error that none caught. */
async function runTests(args) {
  const stateDir = join(root, "node_modules/.fermata");
  const report = join(stateDir, "tests.json");
  const uncaught = join(stateDir, "uncaught-errors.json");
  mkdirSync(stateDir, { recursive: true });
  for (const file of [report, uncaught]) rmSync(file, { force: true });
  const failed = await pnpm(["exec", "vitest", "run", ...args]).then(
    () => false,
    () => true,
  );
  const read = (file) => JSON.parse(readFileSync(file, "utf8"));
  return { failed, files: read(report).testResults, uncaughtErrors: read(uncaught) };
}
