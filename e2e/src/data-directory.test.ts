import { cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestDatabase } from "@fermata/embedded/testing";
import { afterEach, describe, expect, test } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { sha256 } from "./setup/samples";
import { type RunningServer, startSelfHosted } from "./setup/start-server";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function newDir(): Promise<string> {
  const dir = await makeDataDir();
  open.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function start(...given: Parameters<typeof startSelfHosted>): Promise<RunningServer> {
  const server = await startSelfHosted(...given);
  open.push(() => server.stop());
  return server;
}

const isRoot = process.getuid?.() === 0;

/** In a name space of its own, a real file system of so much room over the folder: it is gone with the process. */
const onDisk = (dir: string, options: string, before = "true") => [
  ...["unshare", ...(isRoot ? [] : ["--map-root-user"]), "--mount", "sh", "-c"],
  `mount -t tmpfs -o ${options} tmpfs "${dir}" && { ${before}; } ; exec "$0" "$@"`,
];

const bytesOf = (sizeBytes: number, seed: number) => new Uint8Array(sizeBytes).fill(seed);

async function upload(rpc: Rpc, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  const { url } = (await rpc.mutate("files.generateUploadUrl", {})).data;
  const headers = { "content-type": "application/octet-stream" };
  return fetch(url, { method: "POST", headers, body: bytes });
}

async function hashOf(rpc: Rpc, storageId: string): Promise<string> {
  const { data: url } = await rpc.query("files.getUrl", { storageId });
  return sha256(new Uint8Array(await (await fetch(url)).arrayBuffer()));
}

test("two servers started at once on one folder share it, and one goes on when the other stops", {
  timeout: 180_000,
}, async () => {
  const dir = await newDir();
  const [one, other] = await Promise.all([start(dir), start(dir)]);
  const first = await signInAdmin(one.target);
  const second = rpcFor(other.target.baseUrl, first.token);
  const bytes = bytesOf(30_000, 1);
  const { storageId } = await (await upload(first, bytes)).json();
  expect(await hashOf(second, storageId)).toBe(sha256(bytes));
  await one.stop();
  expect((await upload(second, bytesOf(30_000, 2))).status).toBe(200);
  expect(await hashOf(second, storageId)).toBe(sha256(bytes));
});

describe("a folder that cannot be written", () => {
  test.each([
    ["read-only", "ro,size=1m", "true", "The file system is read-only"],
    ["full", "size=64k", "head -c 200000 /dev/zero > $FERMATA_DATA/x", "The disk is full"],
    // PostgreSQL runs as somebody else, whom the name space of a user that is not root does not know.
    ...(isRoot
      ? [["full half-way through a first start", "size=20m,mode=711", "true", "The disk is full"]]
      : []),
  ])("is refused in words: %s", { timeout: 120_000 }, async (_, options = "", before, words) => {
    const dir = join(await newDir(), "data");
    await mkdir(dir);
    await expect(startSelfHosted(dir, undefined, {}, onDisk(dir, options, before))).rejects.toThrow(
      words,
    );
  });
});

describe("a folder that is damaged", () => {
  test.each<[string, (dir: string) => Promise<unknown>, RegExp]>([
    [
      "the control file is cut short",
      (dir) => truncate(join(dir, "postgres/global/pg_control"), 10),
      /is damaged\. It was left as it is: move it away, and restore a backup/,
    ],
    [
      "the databases are gone",
      (dir) => rm(join(dir, "postgres/base"), { recursive: true }),
      /is damaged\. It was left as it is: move it away, and restore a backup/,
    ],
    [
      "the version is no version",
      (dir) => writeFile(join(dir, "postgres/PG_VERSION"), "99"),
      /was made by PostgreSQL 99, this is 18/,
    ],
    [
      "the secrets are no JSON",
      (dir) => writeFile(join(dir, "secrets.json"), "{oops"),
      /secrets\.json does not hold what was written there\. Restore it from a backup/,
    ],
  ])(
    "is refused in words, and opens once it is mended: %s",
    {
      timeout: 180_000,
    },
    async (_, damage, words) => {
      const dir = await newDir();
      const server = await startSelfHosted(dir);
      await server.stop();
      const kept = await newDir();
      await cp(dir, kept, { recursive: true, preserveTimestamps: true });
      await damage(dir);
      const before = await readFile(join(dir, "secrets.json"), "utf8");
      await expect(startSelfHosted(dir)).rejects.toThrow(words);
      expect(await readFile(join(dir, "secrets.json"), "utf8")).toBe(before);
      await rm(dir, { recursive: true });
      await cp(kept, dir, { recursive: true, preserveTimestamps: true });
      const mended = await start(dir);
      expect((await signInAdmin(mended.target)).token).toBeTruthy();
    },
  );
});

test("a disk that fills while it serves refuses uploads with a time to come back, and goes on reading; with room it takes them again", {
  timeout: 180_000,
}, async () => {
  const database = await createTestDatabase();
  open.push(database.drop);
  const dir = join(await newDir(), "data");
  await mkdir(dir);
  const env = {
    DATABASE_URL: database.url,
    FERMATA_SECRET: "the secret of a server on a disk that is small",
    NEXTAUTH_SECRET: "the secret of a server on a disk that is small",
  };
  const server = await start(dir, undefined, env, onDisk(dir, "size=24m,mode=711"));
  const rpc = await signInAdmin(server.target);
  const bytes = bytesOf(2_000_000, 7);
  const stored: string[] = [];
  let refused: Response | null = null;
  // To the last page.
  for (const size of [bytes.length, 200_000, 20_000, 2_000, 100]) {
    refused = null;
    while (!refused) {
      const answer = await upload(rpc, bytes.subarray(0, size));
      if (!answer.ok) refused = answer;
      else if (size === bytes.length) stored.push((await answer.json()).storageId);
    }
  }
  expect([refused?.status, refused?.headers.get("retry-after")]).toEqual([
    503,
    expect.stringMatching(/^\d+$/),
  ]);
  expect(await refused?.text()).toContain('"UPSTREAM_UNAVAILABLE"');
  expect(stored.length).toBeGreaterThan(5);
  for (const storageId of stored) expect(await hashOf(rpc, storageId)).toBe(sha256(bytes));
  const checks = async () =>
    (await (await fetch(`${server.target.baseUrl}/api/ready`)).json()).checks;
  await expect.poll(checks, { timeout: 30_000, interval: 1_000 }).toContainEqual(
    expect.objectContaining({
      name: "store",
      ok: false,
      remedy: expect.stringContaining("full"),
    }),
  );
  for (const storageId of stored.splice(0, 4)) await rpc.mutate("files.delete", { storageId });
  await rpc.mutate("crons.trigger", { name: "delete released bytes" });
  await expect
    .poll(async () => (await upload(rpc, bytes)).status, { timeout: 60_000, interval: 1_000 })
    .toBe(200);
  for (const storageId of stored) expect(await hashOf(rpc, storageId)).toBe(sha256(bytes));
});
