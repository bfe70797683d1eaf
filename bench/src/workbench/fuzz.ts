import { fuzzWorkbench } from "../../../packages/server/src/testing/fuzz-workbench";
import { openWorkbench } from "../../../packages/server/src/workbench/open-workbench";

// Broken and hostile files of all accepted types, 2,000 of them: `pnpm workbench-fuzz [seed] [inputs]`.
const [seed = 1, inputs = 2000] = process.argv.slice(2).map(Number);
const workbench = openWorkbench({ stallSeconds: 3, deadlineSeconds: 30 });
const begun = performance.now();
const report = await fuzzWorkbench(workbench, { seed, inputs, atOnce: 4 });
await workbench.close();
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(`${JSON.stringify({ seed, ...report, seconds }, null, 2)}\n`);
if (report.died.length > 0 || report.eventLoopP99Ms >= 50) process.exitCode = 1;
