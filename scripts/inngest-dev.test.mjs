import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { startInngestDev } from "./inngest-dev.mjs";

const open = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

async function freeUrl() {
  const server = createServer();
  const url = await listen(server);
  server.close();
  await once(server, "close");
  return url;
}

/** Starts a program in place of the dev server and keeps what was said. */
async function start(url, program) {
  const said = [];
  const started = await startInngestDev({
    url,
    command: [process.execPath, "-e", program],
    say: (line) => said.push(line),
  });
  if (started) open.push(started.stop);
  return { started, said: said.join("\n") };
}

/** Listens where it is told to. */
const serving =
  'require("http").createServer((_, r) => r.end("here")).listen(Number(process.argv[1]), "127.0.0.1")';

test("starts a dev server, and stops it", async () => {
  const url = await freeUrl();
  const { started, said } = await start(url, serving);
  expect(started.env).toEqual({ INNGEST_BASE_URL: url, INNGEST_DEV: "1" });
  expect(said).toContain(url);
  expect(await (await fetch(url)).text()).toBe("here");
  started.stop();
  await expect.poll(() => fetch(url).catch(() => "gone"), { timeout: 5000 }).toBe("gone");
});

test("uses the one that runs already, and leaves it running", async () => {
  const server = createServer((_request, response) => response.end());
  const url = await listen(server);
  open.push(() => server.close());
  const { started } = await start(url, "process.exit(1)");
  expect(started.url).toBe(url);
  started.stop();
  expect((await fetch(url)).ok).toBe(true);
});

test.each([
  ["a page", (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>")],
  ["a refusal", (response) => response.writeHead(404).end()],
])("leaves whoever answers with %s alone, and goes to another port", async (_what, answer) => {
  const server = createServer((_request, response) => answer(response));
  const url = await listen(server);
  open.push(() => server.close());
  const { started, said } = await start(url, serving);
  expect(started.url).not.toBe(url);
  expect(started.env.INNGEST_BASE_URL).toBe(started.url);
  expect(said).toContain(`Something else answers at ${url}`);
  expect(await (await fetch(started.url)).text()).toBe("here");
});

test("says why there is none, and goes on", async () => {
  const url = await freeUrl();
  const { started, said } = await start(url, 'console.error("no binary"); process.exit(1)');
  expect(started).toBeNull();
  expect(said).toMatch(/cannot be had here: no binary\n.*embedded cron runner/);
});
