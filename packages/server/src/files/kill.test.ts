import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { type ClientRequest, request } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { createDiskObjectStore } from "../adapters/object-store/disk";
import { fanOutChars } from "../adapters/object-store/disk/object-tree";
import { lookAtStore } from "../media/owner/look-at-store";
import { sweepOrphans } from "../media/sweeps/sweep-orphans";
import { emptyDeletions } from "../outbox/empty-deletions";
import { randomFrom } from "../testing/random";
import { sampleOf } from "../testing/sample-bytes";
import { imageOf } from "../testing/sample-images";
import { callerFor, createTestServices, createTestUser, jobContext } from "../testing/test-context";
import { readObject } from "./serving/read-object";
import { purgeExpiredGrants } from "./verbs/purge-expired-grants";

/** Servers that live beside each other, each followed by another until so many uploads were cut. */
const lanes = 2;
const uploadsToCut = 200;
/** Uploads that a server begins in its life. */
const uploadsOfLife = 6;
/** A server dies up to so many milliseconds after it has answered some of them, or none. */
const longestPauseMs = 60;

const dir = await mkdtemp(join(tmpdir(), "fermata-kill-"));
const script = await bundle("../testing/receiving-server.ts");
const services = await createTestServices();
services.config.filesQuotaBytes = 2 ** 40;
const openStore = () =>
  createDiskObjectStore({
    dir,
    secret: "another that only tests know",
    clock: services.clock,
    onPart: async () => {},
  });
services.objects = openStore();
await lookAtStore(services);
const me = await callerFor(services, await createTestUser(services));
const photo = await imageOf({ format: "jpeg", width: 1200, height: 800 });

afterAll(async () => {
  await services.dispose();
  await rm(dir, { recursive: true, force: true });
});

test("servers killed in the middle of 200 uploads leave, after one sweep, exactly what is ready", {
  timeout: 240_000,
}, async () => {
  const promised: string[] = [];
  let cut = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const below = randomFrom(lane + 1);
      while (cut < uploadsToCut) {
        // One lane of each way to read a request.
        const answers = await liveAndDie(below, lane === 0 ? "fetch" : "node");
        cut += answers.filter((answer) => answer === null).length;
        promised.push(...answers.filter((answer) => answer !== null));
      }
    }),
  );
  // Deaths came at every stage: before the row was claimed, and after the answer was given.
  const stages = await services.db.file.groupBy({ by: ["status"], _count: true });
  expect(stages.map(({ status }) => status).toSorted()).toEqual(["pending", "ready", "receiving"]);

  services.clock.advance(26 * 3600);
  const ctx = jobContext(services);
  await purgeExpiredGrants(ctx);
  await sweepOrphans(ctx);
  services.clock.advance(7 * 86_400);
  await sweepOrphans(ctx);
  await emptyDeletions(ctx);

  const rows = await services.db.file.findMany();
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["ready"]));
  const places = await readdir(join(dir, "objects", "files"), { recursive: true });
  const kept = places.map((place) => basename(place)).filter((name) => name.length > fanOutChars);
  expect(kept.toSorted()).toEqual(rows.map(({ objectKey }) => objectKey).toSorted());
  for (const { objectKey, sha256, sizeBytes } of rows) {
    const bytes = await readObject(services, objectKey);
    expect([bytes.length, createHash("sha256").update(bytes).digest("hex")]).toEqual([
      sizeBytes,
      sha256,
    ]);
  }
  // Whoever was told that a file is stored has it.
  const ready = new Set(rows.map(({ id }) => id));
  expect(promised.filter((id) => !ready.has(id))).toEqual([]);
  const { usedBytes } = await me.files.usage();
  expect(usedBytes).toBe(rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  expect(await leftoversOf(dir)).toEqual([]);
});

/** One life of a server: some uploads, and at a moment of its own the end. @returns what each upload was answered */
async function liveAndDie(
  below: (bound: number) => number,
  host: "fetch" | "node",
): Promise<(string | null)[]> {
  const url = services.pool.options.connectionString ?? "";
  const victim = spawn(process.execPath, [script, url, dir, host], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const grants = Array.from({ length: uploadsOfLife }, () => me.files.generateUploadUrl());
    const urls = (await Promise.all(grants)).map((grant) => grant.url);
    const lines = createInterface({ input: victim.stdout });
    const [origin = ""] = (await once(lines, "line")) as [string];
    const answers = urls.map((url) => post(new URL(new URL(url).pathname, origin), below));
    await settled(answers, below(uploadsOfLife));
    await sleep(below(longestPauseMs));
    victim.kill("SIGKILL");
    return await Promise.all(answers);
  } finally {
    victim.kill("SIGKILL");
  }
}

/** Resolves when so many of the answers are there, however slow the machine is. */
async function settled(answers: Promise<unknown>[], count: number): Promise<void> {
  const open = new Set(answers);
  for (const answer of answers) void answer.then(() => open.delete(answer));
  while (answers.length - open.size < count) await Promise.race(open);
}

/** @returns the id that the server promised, or null when it died before it did */
function post(url: URL, below: (bound: number) => number): Promise<string | null> {
  const kind = below(3);
  const [type, body] = (
    [
      ["image/png", sampleOf("png", 1 + below(1_000_000))],
      ["image/jpeg", photo],
      ["text/plain", Buffer.alloc(1 + below(500_000), "words ")],
    ] as const
  )[kind] ?? ["image/jpeg", photo];
  return new Promise((resolve) => {
    const headers = { "content-type": type };
    const outgoing = request(url, { method: "POST", headers, agent: false }, (incoming) => {
      let text = "";
      incoming.on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("error", () => resolve(null));
      incoming.on("end", () =>
        resolve(incoming.statusCode === 200 ? JSON.parse(text).storageId : null),
      );
    });
    outgoing.on("error", () => resolve(null));
    void send(outgoing, body, below(30));
  });
}

/** In pieces, over so many milliseconds. */
async function send(outgoing: ClientRequest, body: Buffer, overMs: number): Promise<void> {
  const pieces = 4;
  const pieceBytes = Math.ceil(body.length / pieces);
  for (let at = 0; at < body.length; at += pieceBytes) {
    if (outgoing.destroyed) return;
    outgoing.write(body.subarray(at, at + pieceBytes));
    await sleep(overMs / pieces);
  }
  outgoing.end();
}

/** Drafts that the dead left, as a store finds them that is opened a day later. */
async function leftoversOf(storeDir: string): Promise<string[]> {
  const tmp = join(storeDir, "tmp");
  const before = await readdir(tmp);
  expect(before.length).toBeGreaterThan(0);
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  for (const name of before) await utimes(join(tmp, name), longAgo, longAgo);
  await openStore().delete("files", "none");
  await expect.poll(() => readdir(tmp), { timeout: 10_000 }).toEqual([]);
  return readdir(tmp);
}

/** One file starts in a fraction of the time of many. */
async function bundle(path: string): Promise<string> {
  const outfile = join(dir, "server.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["pg-native", "file:*"],
    // It holds native code: it stays where it is.
    alias: { sharp: import.meta.resolve("sharp") },
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
  });
  return outfile;
}
