import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { listen } from "./listen";
import { serveDocs } from "./serve-docs";

const dirs: string[] = [];
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function folderWith(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "docs-"));
  dirs.push(dir);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(dir, name, ".."), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

const built = {
  "out/index.html": `<script src="/docs/_astro/a.js"></script><script>start()</script>`,
  "out/404.html": "There is no such page.",
  "out/files/index.html": "Files",
  "out/_astro/a.js": "1",
  "secret.txt": "not for anybody",
};

async function serve(dir: string) {
  const answerDocs = serveDocs(dir);
  const server = createServer((request, response) => {
    if (!answerDocs?.(request, response)) response.end("the app's");
  });
  const port = await listen(server, 0, "127.0.0.1");
  onTestFinished(() => void server.close());
  return (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
}

test("gives out what is below /docs, and leaves the rest to the app", async () => {
  const get = await serve(await folderWith(built));
  expect(await (await get("/docs")).text()).toContain("start()");
  expect(await (await get("/docs/files/")).text()).toBe("Files");
  expect((await get("/docs/_astro/a.js")).headers.get("cache-control")).toContain("immutable");
  expect(await (await get("/documents")).text()).toBe("the app's");
  const missing = await get("/docs/nowhere/");
  expect([missing.status, await missing.text()]).toEqual([404, "There is no such page."]);
});

test("lets only the scripts run that were built", async () => {
  const get = await serve(await folderWith(built));
  const policy = (await get("/docs/")).headers.get("content-security-policy");
  expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval' 'sha256-`);
  expect(policy?.match(/'sha256-/g)).toHaveLength(1);
});

test.each(["/docs/../secret.txt", "/docs/%2e%2e/secret.txt", "/docs/..%2fsecret.txt"])(
  "%s leads to nothing outside",
  async (path) => {
    const get = await serve(await folderWith(built));
    expect(await (await get(path)).text()).not.toContain("not for anybody");
  },
);

test("says so where it cannot be built, and is nowhere without its sources", async () => {
  const get = await serve(await folderWith({ "astro.config.ts": "" }));
  // Until the build has failed, the page says that it is under way, and comes back.
  await expect
    .poll(async () => (await get("/docs/")).text(), { timeout: 20_000, interval: 500 })
    .toContain("npm run docs");
  expect(serveDocs(await folderWith({}))).toBeNull();
}, 30_000);
