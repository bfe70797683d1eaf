// Uploads of one large file: the client in parts, beside `curl -T` of the same bytes in one PUT to the same server, without
// a checksum, and with an MD5 that openssl computes first and the store compares.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { spread, table } from "../statistics";
import { writeRandom } from "./random-file";
import { type StoreServer, startStoreServer } from "./store-server";

const run = promisify(execFile);
const mib = 1024 * 1024;
const [rounds, sizeMib] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 1024)];
const kinds = (process.argv[4] ?? "disk,miniflare").split(",") as ("disk" | "miniflare")[];
const client = fileURLToPath(new URL("upload-client.ts", import.meta.url));
const targets = { disk: 0.9, miniflare: 0.8 };

const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
const path = join(dir, "film.bin");
await writeRandom(path, sizeMib);

interface Grant {
  key: string;
  uploadUrl: string;
  headers: Record<string, string>;
}

/** In base64. */
async function md5Of(file: string): Promise<string> {
  const { stdout } = await run("openssl", ["dgst", "-md5", "-binary", file], {
    encoding: "buffer",
  });
  return stdout.toString("base64");
}

async function byCurl(server: StoreServer, withMd5: boolean): Promise<number> {
  const beganAt = performance.now();
  const md5 = withMd5 ? { md5: await md5Of(path) } : {};
  const hashMs = performance.now() - beganAt;
  const { key, uploadUrl, headers } = await server.call<Grant>("storage.getUploadUrl", {
    filename: "film.bin",
    contentType: "application/octet-stream",
    sizeBytes: sizeMib * mib,
    visibility: "private",
    ...md5,
  });
  const lines = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const startedAt = performance.now();
  const { stdout } = await run("curl", [
    "-sS",
    "-o",
    "/dev/null",
    "-w",
    "%{http_code}",
    "-T",
    path,
    "-H",
    "Expect:",
    ...lines,
    uploadUrl,
  ]);
  const ms = performance.now() - startedAt;
  if (stdout !== "200") throw new Error(`curl was answered with ${stdout}`);
  await server.call("storage.completeUpload", { key });
  await server.call("storage.delete", { key });
  return ms + hashMs;
}

async function byClient({ url, token }: StoreServer): Promise<{ ms: number; rssMiB: number }> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", client, url, token, path]);
  return JSON.parse(stdout);
}

const rows: string[][] = [];
try {
  for (const kind of kinds) {
    const server = await startStoreServer(kind);
    const results = { ours: [] as number[], curl: [] as number[], curlMd5: [] as number[] };
    const peaks = { client: [] as number[], server: [] as number[], curl: [] as number[] };
    try {
      for (let round = 0; round < rounds; round++) {
        await server.takePeakMiB();
        results.curl.push(await byCurl(server, false));
        peaks.curl.push(await server.takePeakMiB());
        results.curlMd5.push(await byCurl(server, true));
        await server.takePeakMiB();
        const { ms, rssMiB } = await byClient(server);
        results.ours.push(ms);
        peaks.client.push(rssMiB);
        peaks.server.push(await server.takePeakMiB());
        const curl = [results.curl.at(-1), results.curlMd5.at(-1)];
        console.error(kind, round, JSON.stringify({ curl, ours: ms, rssMiB }));
      }
    } finally {
      await server.close();
    }
    const speeds = (all: number[]) => all.map((ms) => (sizeMib * 1000) / ms);
    const against = (other: number[]) =>
      spread(
        results.ours.map((ms, round) => (other[round] ?? Number.NaN) / ms),
        2,
      );
    rows.push([
      kind,
      spread(speeds(results.ours)),
      spread(speeds(results.curl)),
      `${against(results.curl)}, target ${targets[kind]}`,
      spread(speeds(results.curlMd5)),
      against(results.curlMd5),
      spread(peaks.client),
      spread(peaks.server),
      spread(peaks.curl),
    ]);
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
console.log(`\n${sizeMib} MiB, ${rounds} rounds interleaved: median (least to most)\n`);
console.log(
  table(
    [
      "store",
      "fermata's client, MiB/s",
      "curl -T, MiB/s",
      "ratio",
      "openssl md5, then curl -T, MiB/s",
      "ratio",
      "client's peak RSS, MiB",
      "server's, MiB",
      "server's under curl, MiB",
    ],
    rows,
  ),
);
