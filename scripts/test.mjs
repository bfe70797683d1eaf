// `npm test`: everything, from nothing. Arguments go to vitest: `npm test -- files`.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, install, pnpm, requireNode, root } from "./workspace.mjs";

requireNode();
const report = join(root, "node_modules/.fermata/tests.json");

await install({ all: true });
await build({ all: true });
await pnpm(["run", "typecheck"], { env: { TURBO_TELEMETRY_DISABLED: "1" } }).catch(() =>
  process.exit(1),
);

rmSync(report, { force: true });
const failure = await pnpm(["exec", "vitest", "run", ...process.argv.slice(2)]).then(
  () => null,
  (error) => error,
);

const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(report, "utf8"),
);
const leftOut = testResults
  .flatMap((file) => file.assertionResults)
  .filter((test) => test.status === "skipped" || test.status === "pending");
for (const { fullName } of leftOut) console.log(`left out: ${fullName}`);
if (leftOut.length > 0) {
  console.log(
    `${leftOut.length} tests were left out: they need a system package. The reason stands where each file begins.`,
  );
}
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);

if (failure) process.exit(1);
// Where every package can be installed, leaving a test out is a failure.
if (process.env.CI && leftOut.length > 0) process.exit(1);
