import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pdf, wav } from "./setup/samples";
import { targets } from "./setup/targets";

const page = new URL("../../docs/curl.md", import.meta.url);
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-curl-"));
  await writeFile(join(dir, "invoice.pdf"), pdf());
  // More than one part of whatever size a store takes.
  await writeFile(join(dir, "recital.wav"), wav(12_000_000));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.each(targets)("against $name", ({ baseUrl, adminEmail, adminPassword }) => {
  test("the page on curl does what it says, pasted block by block", async () => {
    const blocks = (await readFile(page, "utf8")).matchAll(/```sh\n([\s\S]*?)```/g);
    const script = [...blocks].map(([, commands]) => commands).join("\n");
    const env = { ...process.env, FERMATA: baseUrl, EMAIL: adminEmail, PASSWORD: adminPassword };
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
      cwd: dir,
      env,
    });
    expect(stdout.trim().split("\n")).toEqual(["ready", "ready"]);
  }, 60_000);
});
