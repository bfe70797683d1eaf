// Reading one large object back: the disk adapter through the server, beside nginx's sendfile of the same bytes.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startNginx } from "../start-nginx";
import { spread, table } from "../statistics";
import { startStoreServer } from "./store-server";

const run = promisify(execFile);
const mib = 1024 * 1024;
const [rounds, sizeMib] = [Number(process.argv[2] ?? 7), Number(process.argv[3] ?? 1024)];

const dir = await mkdtemp(join(tmpdir(), "fermata-nginx-"));
// nginx's worker may be somebody else.
await chmod(dir, 0o755);
const path = join(dir, "film.bin");
const file = await open(path, "w");
for (let written = 0; written < sizeMib; written += 16) await file.write(randomBytes(16 * mib));
await file.close();

async function read(url: string): Promise<number> {
  const startedAt = performance.now();
  const { stdout } = await run("curl", ["-sS", "-o", "/dev/null", "-w", "%{size_download}", url]);
  if (Number(stdout) !== sizeMib * mib) throw new Error(`${url} gave ${stdout} bytes`);
  return (sizeMib * 1000) / (performance.now() - startedAt);
}

const server = await startStoreServer("disk");
const nginx = await startNginx(dir);
const filmOfNginx = `${nginx.url}/film.bin`;
const results = { ours: [] as number[], nginx: [] as number[] };
const peaks: number[] = [];
try {
  const { key, uploadUrl, headers } = await server.call<{
    key: string;
    uploadUrl: string;
    headers: Record<string, string>;
  }>("storage.getUploadUrl", {
    filename: "film.bin",
    contentType: "application/octet-stream",
    sizeBytes: sizeMib * mib,
  });
  const lines = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  await run("curl", ["-sS", "-T", path, "-H", "Expect:", ...lines, uploadUrl]);
  const { publicUrl } = await server.call<{ publicUrl: string }>("storage.completeUpload", { key });
  await Promise.all([read(publicUrl), read(filmOfNginx)]);
  for (let round = 0; round < rounds; round++) {
    results.nginx.push(await read(filmOfNginx));
    await server.takePeakMiB();
    results.ours.push(await read(publicUrl));
    peaks.push(await server.takePeakMiB());
  }
} finally {
  await nginx.stop();
  await server.close();
  await rm(dir, { recursive: true, force: true });
}
const ratios = results.ours.map((value, round) => value / (results.nginx[round] ?? Number.NaN));
console.log(`\n${sizeMib} MiB, ${rounds} rounds interleaved: median (least to most)\n`);
console.log(
  table(
    ["fermata, MiB/s", "nginx sendfile, MiB/s", "ratio", "server's peak RSS, MiB"],
    [
      [
        spread(results.ours),
        spread(results.nginx),
        `${spread(ratios, 2)}, target 0.8`,
        spread(peaks),
      ],
    ],
  ),
);
