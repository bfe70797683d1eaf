import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { sha256 } from "./setup/samples";
import { targets } from "./setup/targets";

const cli = join(dirname(fileURLToPath(import.meta.url)), "../../apps/web/dist/cli.js");
const fileCount = 120;
const largeBytes = 6 * 1024 * 1024;
const kills = 6;

interface Sample {
  id: string;
  bytes: Buffer;
}

let dir: string;
let archive: string;
let samples: Sample[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-convex-"));
  archive = join(dir, "export.zip");
  samples = Array.from({ length: fileCount }, (_, number) => ({
    id: `kg2${randomBytes(14).toString("hex")}`,
    // Two are too large for a file.
    bytes: randomBytes(number % 60 === 30 ? largeBytes : 2_000 + number),
  }));
  await writeArchive(archive, samples);
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe.each(targets)("an import from Convex into $name", (target) => {
  let member: Rpc;

  beforeAll(async () => {
    member = await newMember(target, await signInAdmin(target));
  });

  function start(...args: string[]): { child: ChildProcess; output: () => string } {
    const child = spawn(process.execPath, [cli, "import-convex", archive, ...args], {
      env: { ...process.env, FERMATA_URL: target.baseUrl, FERMATA_TOKEN: member.token },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    }
    return { child, output: () => output };
  }

  async function all(path: "files.list" | "storage.list") {
    // biome-ignore lint/suspicious/noExplicitAny: the wire has no types, and these tests are about the wire.
    const items: any[] = [];
    let cursor: string | null = null;
    do {
      const { data } = await member.query(path, { limit: 100, cursor });
      items.push(...data.items);
      cursor = data.nextCursor;
    } while (cursor);
    return items;
  }

  test("killed again and again, it ends with each file once, and the ids of all", async () => {
    const finishedEarly: number[] = [];
    for (let round = 0; round < kills; round++) {
      const before = (await all("files.list")).length;
      const { child } = start();
      const ended = once(child, "exit");
      // At another moment each time, and after it has done something.
      await expect
        .poll(
          async () =>
            child.exitCode !== null || (await all("files.list")).length >= before + 3 + round,
          { timeout: 60_000, interval: 20 },
        )
        .toBe(true);
      child.kill("SIGKILL");
      const [code] = await ended;
      if (code !== null) finishedEarly.push(code);
    }
    // Most of the kills hit a run that had more to do.
    expect(finishedEarly.length).toBeLessThan(kills);

    const { child, output } = start("--json");
    const [code] = await once(child, "exit");
    expect([code, output()]).toEqual([0, expect.stringContaining('"failed":[]')]);
    const files = await all("files.list");
    const media = (await all("storage.list")).filter(({ status }) => status === "ready");
    expect([files.length, media.length]).toEqual([fileCount - 2, 2]);
    for (const { id, bytes } of samples) {
      const stored = files.find(({ filename }) => filename === id);
      if (bytes.length < largeBytes) expect(stored?.sha256).toBe(sha256(bytes));
    }
    const { data } = await member.query("imports.find", {
      source: "convex",
      sourceIds: samples.slice(0, 100).map(({ id }) => id),
    });
    expect(data.items).toHaveLength(100);
    for (const item of data.items) {
      expect(item.storageId !== null || item.mediaStatus === "ready").toBe(true);
    }
  }, 300_000);

  test("prints what it did in words, and answers with its exit code", async () => {
    const { child, output } = start();
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    expect(output()).toContain(`${fileCount} were here already`);
    const other = spawn(process.execPath, [cli, "import-convex", join(dir, "absent.zip")], {
      env: { ...process.env, FERMATA_URL: target.baseUrl, FERMATA_TOKEN: member.token },
      stdio: "ignore",
    });
    expect(await once(other, "exit")).toEqual([2, null]);
  });
});

async function writeArchive(path: string, files: Sample[]): Promise<void> {
  const zip = new ZipFile();
  const documents = files.map(({ id, bytes }, number) =>
    JSON.stringify({
      _id: id,
      _creationTime: 1_700_000_000_000 + number,
      sha256: sha256(bytes, number % 2 === 0 ? "base64" : "hex"),
      size: bytes.length,
    }),
  );
  zip.addBuffer(Buffer.from(`${documents.join("\n")}\n`), "_storage/documents.jsonl");
  for (const { id, bytes } of files) zip.addBuffer(bytes, `_storage/${id}`);
  zip.end();
  const out = createWriteStream(path);
  zip.outputStream.pipe(out);
  await once(out, "close");
}
