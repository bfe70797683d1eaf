// `GET` of a file with `If-None-Match`, which checks the signature and the right, beside a bare Hono that compares.
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { startServer } from "../servers";
import { median, spread, table } from "../statistics";
import { startFermata } from "./fermata-server";
import { post } from "./post";

const rounds = Number(process.argv[2] ?? 7);
const seconds = 4;
const connections = 20;

const here = dirname(fileURLToPath(import.meta.url));
const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const fermata = await startFermata(join(dir, "fermata"));
const bare = await startServer(["--import", "tsx", join(here, "bare-validator.ts")], {});

async function uploadOne(): Promise<string> {
  const [url = ""] = await fermata.grant(1);
  const headers = { "content-type": "text/plain" };
  const stored = JSON.parse(
    await post({ url, headers, body: Buffer.from("some words") }, new Agent()),
  );
  return String(await fermata.query("files.getUrl", stored));
}

const targets = { fermata: await uploadOne(), "bare Hono": `${bare.url}/file` };
type Name = keyof typeof targets;
const names = Object.keys(targets) as Name[];
const etags = Object.fromEntries(
  await Promise.all(
    names.map(async (name) => [name, (await fetch(targets[name])).headers.get("etag") ?? ""]),
  ),
) as Record<Name, string>;

async function measure(name: Name): Promise<number> {
  const result = await autocannon({
    url: targets[name],
    headers: { "if-none-match": etags[name] },
    connections,
    duration: seconds,
  });
  const answered = result.statusCodeStats?.["304"]?.count ?? 0;
  if (result.errors > 0 || answered !== result.requests.total) {
    throw new Error(`${name}: not every answer was 304`);
  }
  return result.requests.average;
}

const rates: Record<Name, number[]> = { fermata: [], "bare Hono": [] };
try {
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const rate = await measure(name);
      if (round >= 0) rates[name].push(rate);
    }
  }
} finally {
  await Promise.all([fermata.stop(), bare.stop()]);
  await rm(dir, { recursive: true, force: true });
}

const ratios = rates.fermata.map((rate, round) => rate / (rates["bare Hono"][round] ?? Number.NaN));
console.log(
  `\n${rounds} rounds of ${seconds} s, ${connections} connections, interleaved: median (least to most)\n`,
);
console.log(
  table(
    ["server", "requests/s", "fermata against it"],
    names.map((name) => [name, spread(rates[name]), name === "fermata" ? "" : spread(ratios, 2)]),
  ),
);
console.log(`\nagainst bare Hono: ${median(ratios).toFixed(2)} (target 0.5)`);
