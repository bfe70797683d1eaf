// Uploads through the self-hosted server, beside the least that Node can do, a tus server and a Next route with a form.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startPostgres } from "@fermata/embedded/postgres";
import { startServer } from "../servers";
import { median, spread, table } from "../statistics";
import { startFermata } from "./fermata-server";
import { type PostedBody, uploadRate } from "./post";

const rounds = Number(process.argv[2] ?? 7);
const MIB = 1024 * 1024;
const loads = {
  "5 MiB": { sizeBytes: 5 * MIB, uploads: 40, connections: 4, target: 0.85 },
  "100 KB": { sizeBytes: 100_000, uploads: 1500, connections: 8, target: 0.7 },
};
type Load = keyof typeof loads;
const loadNames = Object.keys(loads) as Load[];

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const formApp = join(here, "../../form-data-app");
const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const uploadsDir = async (name: string) => {
  const path = join(dir, name);
  await mkdir(path);
  return { UPLOADS_DIR: path };
};
const nextBin = createRequire(import.meta.url).resolve("next/dist/bin/next");
await run(process.execPath, [nextBin, "build", formApp]);

const fermata = await startFermata(join(dir, "fermata"));
const bare = await startServer(
  ["--import", "tsx", join(here, "bare-upload.ts")],
  await uploadsDir("bare"),
);
const flushing = await startServer(["--import", "tsx", join(here, "bare-upload.ts")], {
  ...(await uploadsDir("flushing")),
  FSYNC: "1",
});
const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "bare" });
const withRow = await startServer(["--import", "tsx", join(here, "bare-upload.ts")], {
  ...(await uploadsDir("with-row")),
  FSYNC: "1",
  DATABASE_URL: postgres.url,
});
const tus = await startServer(
  ["--import", "tsx", join(here, "tus-upload.ts")],
  await uploadsDir("tus"),
);
const form = await startServer(
  [nextBin, "start", formApp, "-H", "127.0.0.1"],
  await uploadsDir("form"),
);
const servers = [fermata, bare, flushing, withRow, tus, form];

/** Bytes that are of no known type: what is measured is the upload, not the look at a picture. */
const bodies = Object.fromEntries(
  loadNames.map((load) => [load, randomBytes(loads[load].sizeBytes)]),
) as Record<Load, Buffer>;
const binary = { "content-type": "application/octet-stream" };
const boundary = "a-boundary-of-this-benchmark";

const contestants = {
  fermata: async (load: Load): Promise<PostedBody[]> =>
    (await fermata.grant(loads[load].uploads)).map((url) => ({
      url,
      headers: binary,
      body: bodies[load],
    })),
  "bare Node": async (load: Load) =>
    many(load, { url: `${bare.url}/upload`, headers: binary, body: bodies[load] }),
  "bare Node, with fsync": async (load: Load) =>
    many(load, { url: `${flushing.url}/upload`, headers: binary, body: bodies[load] }),
  "bare Node, with fsync and a row": async (load: Load) =>
    many(load, { url: `${withRow.url}/upload`, headers: binary, body: bodies[load] }),
  "@tus/server": async (load: Load) =>
    many(load, {
      url: `${tus.url}/upload`,
      headers: {
        "content-type": "application/offset+octet-stream",
        "tus-resumable": "1.0.0",
        "upload-length": String(loads[load].sizeBytes),
      },
      body: bodies[load],
    }),
  "Next route, formData()": async (load: Load) =>
    many(load, {
      url: `${form.url}/upload`,
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
      body: Buffer.concat([
        Buffer.from(
          `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a"\r\ncontent-type: application/octet-stream\r\n\r\n`,
        ),
        bodies[load],
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]),
    }),
};
type Name = keyof typeof contestants;
const names = Object.keys(contestants) as Name[];

function many(load: Load, posted: PostedBody): PostedBody[] {
  return Array.from({ length: loads[load].uploads }, () => posted);
}

/** The grants of ours are asked for beforehand: the others have none. */
const measure = async (name: Name, load: Load) =>
  uploadRate(await contestants[name](load), loads[load].connections);

const rates = Object.fromEntries(
  loadNames.map((load) => [load, Object.fromEntries(names.map((name) => [name, []]))]),
) as unknown as Record<Load, Record<Name, number[]>>;
try {
  // One round unmeasured: the first requests pay for compiling.
  for (let round = -1; round < rounds; round++) {
    for (const load of loadNames) {
      for (const name of names) {
        const rate = await measure(name, load);
        if (round >= 0) rates[load][name].push(rate);
        // What one leaves to the system to write must not burden the next. Nothing is deleted in between: a file system
        // that has just lost many files makes new ones slowly.
        await run("sync");
      }
    }
  }
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

for (const load of loadNames) {
  const { sizeBytes, uploads, connections, target } = loads[load];
  // Pair by pair within a round, so that a machine whose speed drifts does not tilt the ratio.
  const ratio = (ours: Name, peer: Name) =>
    rates[load][ours].map((rate, round) => rate / (rates[load][peer][round] ?? Number.NaN));
  const ratioTo = (peer: Name) => ratio("fermata", peer);
  console.log(
    `\n${load}: ${rounds} rounds of ${uploads} uploads, ${connections} connections, interleaved: median (least to most)\n`,
  );
  console.log(
    table(
      ["server", "uploads/s", "MiB/s", "fermata against it"],
      names.map((name) => [
        name,
        spread(rates[load][name], 1),
        spread(rates[load][name].map((rate) => (rate * sizeBytes) / MIB)),
        name === "fermata" ? "" : spread(ratioTo(name), 2),
      ]),
    ),
  );
  console.log(`\nagainst bare Node: ${median(ratioTo("bare Node")).toFixed(2)} (target ${target})`);
  const floor = ratio("bare Node, with fsync and a row", "bare Node");
  console.log(`what a row and fsync leave of bare Node: ${spread(floor, 2)}`);
}
