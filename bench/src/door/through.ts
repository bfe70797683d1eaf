// Through the library's own door, in an app of the least, and through the self-hosted server: a trivial query beside bare
// Hono + tRPC, uploads of 100 KB beside the least server that keeps as much, and messages.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startPostgres } from "@fermata/embedded/postgres";
import autocannon from "autocannon";
import { grantsFrom } from "../files/fermata-server";
import { uploadRate } from "../files/post";
import { startServer } from "../servers";
import type { Client } from "../signaling/contestant";
import { type Fermata, startFermata } from "../signaling/fermata";
import { measureVolley } from "../signaling/volley";
import { median, spread, table } from "../statistics";
import { buildPublished } from "./build-published";

const rounds = Number(process.argv[2] ?? 7);
const uploads = 1_500;
const rooms = 100;

await buildPublished();
const beside = (path: string) => ["--import", "tsx", fileURLToPath(new URL(path, import.meta.url))];
const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const door = await startFermata([], {
  args: [fileURLToPath(new URL("host-server.mjs", import.meta.url))],
  owner: "maja",
});
const studio = await startFermata();
const hono = await startServer(beside("../bare-hono.ts"), {});
const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "bare" });
const bare = await startServer(beside("../files/bare-upload.ts"), {
  UPLOADS_DIR: dir,
  FSYNC: "1",
  DATABASE_URL: postgres.url,
});

async function queries(url: string): Promise<number> {
  const result = await autocannon({ url: `${url}/api/trpc/auth.me`, connections: 20, duration: 4 });
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return result.requests.average;
}

const body = randomBytes(100_000);
const headers = { "content-type": "application/octet-stream" };
async function uploaded(urls: string[]): Promise<number> {
  const rate = await uploadRate(
    urls.map((url) => ({ url, headers, body })),
    8,
  );
  // What one leaves to the system to write must not burden the next.
  await promisify(execFile)("sync");
  return rate;
}

const names = ["door", "studio", "peer"] as const;
type Rates = Record<(typeof names)[number], number[]>;
const nothing = (): Rates => ({ door: [], studio: [], peer: [] });
const rates = { query: nothing(), upload: nothing(), messages: nothing() };

async function pairsOf(server: Fermata): Promise<[Client, Client][]> {
  const pairs: [Client, Client][] = [];
  while (pairs.length < rooms) pairs.push(await server.openPair());
  return pairs;
}
const uploadedTo = async (server: Fermata) =>
  uploaded(
    await grantsFrom(() => server.call("files.generateUploadUrl", {}, server.owner), uploads),
  );
async function volley(server: Fermata, pairs: [Client, Client][]): Promise<number> {
  const { perSecond, lost } = await measureVolley(server, pairs);
  if (lost > 0) throw new Error(`${lost} messages were lost`);
  return perSecond;
}

try {
  const [pairs, studioPairs] = [await pairsOf(door), await pairsOf(studio)];
  const measures = {
    query: {
      door: () => queries(door.url),
      studio: () => queries(studio.url),
      peer: () => queries(hono.url),
    },
    upload: {
      door: () => uploadedTo(door),
      studio: () => uploadedTo(studio),
      peer: () => uploaded(Array<string>(uploads).fill(`${bare.url}/upload`)),
    },
    messages: {
      door: () => volley(door, pairs),
      studio: () => volley(studio, studioPairs),
      // What a relay that keeps nothing does is in signaling-messages.
      peer: null,
    },
  };
  // One round unmeasured: the first requests pay for compiling.
  for (let round = -1; round < rounds; round++) {
    for (const kind of Object.keys(measures) as (keyof typeof measures)[]) {
      for (const name of names) {
        const rate = await measures[kind][name]?.();
        if (round >= 0 && rate !== undefined) rates[kind][name].push(rate);
      }
    }
  }
  for (const client of [...pairs, ...studioPairs].flat()) client.close();
} finally {
  await Promise.all([door.stop(), studio.stop(), hono.stop(), bare.stop()]);
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

// Pair by pair within a round, so that a machine whose speed drifts does not tilt the ratio.
const against = (theirs: "studio" | "peer", { door: ours, ...others }: Rates) =>
  ours.map((rate, round) => rate / (others[theirs][round] ?? Number.NaN));
const row = (title: string, kind: Rates, target: string) => [
  title,
  ...names.map((name) => (kind[name].length > 0 ? spread(kind[name]) : "")),
  spread(against("studio", kind), 2),
  kind.peer.length > 0 ? spread(against("peer", kind), 2) : "",
  target,
];
const { query, upload, messages } = rates;
console.log(`\n${rounds} rounds, interleaved: median (least to most)\n`);
console.log(
  table(
    [
      "a second",
      "the door",
      "self-hosted",
      "the peer",
      "against self-hosted",
      "against the peer",
      "target",
    ],
    [
      row("a trivial query, 20 connections, beside bare Hono + tRPC", query, "0.85"),
      row(
        "uploads of 100 KB, 8 connections, beside bare Node with fsync and a row",
        upload,
        "0.78",
      ),
      row("messages of 256 bytes, 100 rooms", messages, "2,500 a second"),
    ],
  ),
);
const isMet =
  median(against("peer", query)) >= 0.85 &&
  median(against("peer", upload)) >= 0.78 &&
  median(messages.door) >= 2_500;
process.exit(isMet ? 0 : 1);
