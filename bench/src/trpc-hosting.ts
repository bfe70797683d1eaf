// One trivial tRPC query through the self-hosted server, beside a bare Hono + tRPC server and beside Next's own route.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import autocannon from "autocannon";
import { type BenchServer, startServer } from "./servers";
import { median, spread, table } from "./statistics";

const rounds = Number(process.argv[2] ?? 7);
const seconds = 4;
const connections = 20;

const here = dirname(fileURLToPath(import.meta.url));
const webDir = join(here, "../../apps/web");
const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const postgres = await startPostgres({ dataDir: join(dir, "next/postgres"), database: "fermata" });

const servers: Record<"fermata" | "bare Hono + tRPC" | "Next route", BenchServer> = {
  fermata: await startServer([join(webDir, "dist/serve.js")], { FERMATA_DATA: join(dir, "own") }),
  "bare Hono + tRPC": await startServer(["--import", "tsx", join(here, "bare-hono.ts")], {}),
  "Next route": await startServer(
    [join(webDir, "node_modules/next/dist/bin/next"), "start", webDir, "-H", "127.0.0.1"],
    {
      FERMATA_DATA: join(dir, "next"),
      DATABASE_URL: postgres.url,
      FERMATA_SECRET: "a secret for one benchmark, long enough",
      NEXTAUTH_SECRET: "a secret for one benchmark, long enough",
    },
  ),
};

async function measure(server: BenchServer): Promise<number> {
  const result = await autocannon({
    url: `${server.url}/api/trpc/auth.me`,
    connections,
    duration: seconds,
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} requests failed`);
  return result.requests.average;
}

type Name = keyof typeof servers;
const names = Object.keys(servers) as Name[];
const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
  Name,
  number[]
>;

try {
  // One round unmeasured: the first requests pay for compiling.
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const rate = await measure(servers[name]);
      if (round >= 0) rates[name].push(rate);
    }
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

// Pair by pair within a round, so that a machine whose speed drifts does not tilt the ratio.
const ratioTo = (peer: Name) =>
  rates.fermata.map((rate, round) => rate / (rates[peer][round] ?? Number.NaN));

console.log(
  `\n${rounds} rounds of ${seconds} s, ${connections} connections, interleaved: median (least to most)\n`,
);
console.log(
  table(
    ["server", "requests/s", "fermata against it"],
    names.map((name) => [
      name,
      spread(rates[name]),
      name === "fermata" ? "" : spread(ratioTo(name), 2),
    ]),
  ),
);
const [toBare, toNext] = [median(ratioTo("bare Hono + tRPC")), median(ratioTo("Next route"))];
console.log(
  `\nagainst bare Hono + tRPC: ${toBare.toFixed(2)} (target 0.8); against the Next route: ${toNext.toFixed(2)} (target 5)`,
);
