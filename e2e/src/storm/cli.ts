// `npm run storm -- --seed N --minutes M`: a storm by hand, with its report.
import { parseArgs } from "node:util";
import { runStorm } from "./run-storm";

const { values } = parseArgs({
  options: { seed: { type: "string" }, minutes: { type: "string" } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const seconds = Number(values.minutes ?? 2) * 60;
const tell = (line: string) => void process.stdout.write(`${line}\n`);
tell(`seed ${seed}, ${seconds} s`);
const report = await runStorm({ seed, seconds, tell });
tell(JSON.stringify({ ...report, faults: report.faults.length }, null, 2));
process.exit(report.violations.length === 0 ? 0 : 1);
