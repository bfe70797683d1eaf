// What `import "@fermata/server"` takes of the start of an app, as it is published, and Inngest's SDK, which is a part of it.
// import.ts [rounds]: each in a process of its own, turn by turn.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { spread, table } from "../statistics";
import { buildPublished, publishedEntry } from "./build-published";

interface Cost {
  clockMs: number;
  cpuMs: number;
  rssMib: number;
}

const rounds = Number(process.argv[2] ?? 11);
const measured = `
  const { rss } = process.memoryUsage();
  const cpu = process.cpuUsage();
  const begunAt = performance.now();
  await import(process.argv[1]);
  const clockMs = performance.now() - begunAt;
  const { user, system } = process.cpuUsage(cpu);
  const rssMib = (process.memoryUsage().rss - rss) / 2 ** 20;
  console.log(JSON.stringify({ clockMs, cpuMs: (user + system) / 1000, rssMib }));
  process.exit();
`;

async function costOf(module: string): Promise<Cost> {
  const args = ["--input-type=module", "-e", measured, module];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

await buildPublished();
const inngest = pathToFileURL(createRequire(publishedEntry).resolve("inngest")).href;
const costs = { "@fermata/server": [] as Cost[], inngest: [] as Cost[] };
for (let round = 0; round < rounds; round++) {
  costs["@fermata/server"].push(await costOf(publishedEntry));
  costs.inngest.push(await costOf(inngest));
}
const rows = Object.entries(costs).map(([name, all]) => [
  name,
  spread(all.map(({ clockMs }) => clockMs)),
  spread(all.map(({ cpuMs }) => cpuMs)),
  spread(all.map(({ rssMib }) => rssMib)),
]);
process.stdout.write(
  `\n${rounds} rounds: median (least to most)\n\n${table(["module", "ms by the clock", "ms of CPU", "MiB"], rows)}\n`,
);
