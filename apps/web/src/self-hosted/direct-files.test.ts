import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "../studio/auth/create-session";
import { ensureFirstAdmin } from "../studio/auth/ensure-first-admin";
import { type BothHosts, listenBothWays, type Way, ways } from "../testing/both-hosts";
import { openTestComposition } from "../testing/test-composition";

const allowedOrigin = "https://mirror.example.com";
const account = { email: "maja@example.com", password: "a sentence that nobody guesses" };
const bytes = randomBytes(150_000);
const binary = { "content-type": "application/octet-stream" };

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
let both: BothHosts;
let servers: BothHosts["servers"];
let token: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-direct-"));
  opened = await openTestComposition(dir);
  const { services } = opened.composition;
  services.config.allowedOrigins = [allowedOrigin];
  both = await listenBothWays(opened.composition);
  servers = both.servers;
  await ensureFirstAdmin(services, account);
  token = (await mutate("auth.createToken", account)).token ?? "";
});

afterAll(async () => {
  both.close();
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

type Headers = Record<string, string>;
interface Sent {
  method?: string;
  headers?: Headers;
  body?: Uint8Array | string;
}

/** One request on a connection of its own. @returns what does not differ from one request to the next */
function ask(way: Way, path: string, { method = "GET", headers = {}, body }: Sent = {}) {
  return new Promise<{ status: number; headers: object; text: string }>((resolve, reject) => {
    const outgoing = request(
      servers[way].origin + path,
      { method, headers: { host: "studio.example.com", ...headers }, agent: false },
      (incoming) => {
        const hash = createHash("sha256");
        let text = "";
        incoming.on("data", (chunk: Buffer) => {
          hash.update(chunk);
          if (text.length < 10_000) text += chunk.toString("latin1");
        });
        incoming.on("error", reject);
        incoming.on("end", () => {
          const { date: _, "x-request-id": id, ...rest } = incoming.headers;
          if (!id) return reject(new Error("an answer without a request id"));
          expect(text.includes("requestId")).toBe(text.includes(String(id)));
          resolve({
            status: incoming.statusCode ?? 0,
            headers: rest,
            text: text.includes("requestId")
              ? text.replaceAll(String(id), "<id>")
              : hash.digest("hex"),
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function mutate(path: string, input: object): Promise<Record<string, string>> {
  const answer = await fetch(`${servers.fetch.origin}/api/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(input),
  });
  return (await answer.json()).result.data;
}

async function pathOfGrant(terms: object = {}): Promise<string> {
  return new URL((await mutate("files.generateUploadUrl", terms)).url ?? "").pathname;
}

async function pathOfFile(way: Way, terms: object = {}): Promise<string> {
  const stored = await fetch(servers[way].origin + (await pathOfGrant(terms)), {
    method: "POST",
    headers: binary,
    body: bytes,
  });
  const input = encodeURIComponent(JSON.stringify(await stored.json()));
  const url = `${servers.fetch.origin}/api/trpc/files.getUrl?input=${input}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { pathname, search } = new URL((await answer.json()).result.data);
  return pathname + search;
}

const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;

const reads: [string, Sent & { change?: (path: string) => string }][] = [
  ["as a whole", {}],
  ["by HEAD", { method: "HEAD" }],
  ["that is known", { headers: { "if-none-match": etag } }],
  ["by HEAD that is known", { method: "HEAD", headers: { "if-none-match": `"a", W/${etag}` } }],
  ["in part", { headers: { range: "bytes=70000-140000" } }],
  ["beyond its end", { headers: { range: "bytes=150000-" } }],
  ["in part of another version", { headers: { range: "bytes=1-2", "if-range": '"old"' } }],
  ["from an allowed origin", { headers: { origin: allowedOrigin } }],
  ["from another origin", { headers: { origin: "https://other.example.com" } }],
  ["with a forged signature", { change: (path) => path.replace("signature=", "signature=A") }],
  ["by HEAD with none", { method: "HEAD", change: (path) => path.split("?")[0] ?? "" }],
  ["with a width, of what is no image", { change: (path) => `${path}&w=64` }],
  ["with a width that is not on the list", { change: (path) => `${path}&w=65` }],
  ["with an escape in its path", { change: (path) => path.replace("files/", "files/%41") }],
  ["by another method", { method: "DELETE" }],
];

test.each(reads)("a file read %s is the same from both", async (_, { change, ...sent }) => {
  const path = await pathOfFile("direct", { filename: "ноты.bin" });
  const [byFetch, direct] = await Promise.all(
    ways.map((way) => ask(way, change ? change(path) : path, sent)),
  );
  expect(direct).toEqual(byFetch);
});

const uploads: [string, number, { sent?: Sent; terms?: object; token?: string }][] = [
  ["of bytes", 200, {}],
  ["without a length", 200, { sent: { headers: { "transfer-encoding": "chunked" } } }],
  ["from an allowed origin", 200, { sent: { headers: { origin: allowedOrigin } } }],
  ["of nothing", 400, { sent: { body: "" } }],
  ["of too much", 413, { sent: { body: Buffer.alloc(5 * 1024 * 1024 + 1) } }],
  [
    "of too much without a length",
    413,
    { sent: { body: Buffer.alloc(6_000_000), headers: { "transfer-encoding": "chunked" } } },
  ],
  ["of too little", 409, { terms: { sizeBytes: bytes.length + 1 } }],
  ["of another type", 415, { sent: { headers: { "content-type": "image/png" } } }],
  ["of a type that is run", 415, { sent: { headers: { "content-type": "text/html" } } }],
  ["with a wrong digest", 400, { terms: { sha256: "0".repeat(64) } }],
  ["with half a digest", 400, { sent: { headers: { digest: "sha-256=nonsense" } } }],
  ["to a URL that is made up", 404, { token: "fmu_x" }],
];

test.each(uploads)(
  "an upload %s is answered the same by both, with %i",
  async (_, status, upload) => {
    const answers = [];
    for (const way of ways) {
      const path = upload.token
        ? `/api/files/upload/${upload.token}`
        : await pathOfGrant(upload.terms);
      const { headers, ...rest } = { ...upload.sent };
      const sent = { method: "POST", body: bytes, headers: { ...binary, ...headers }, ...rest };
      const { text, ...answer } = await ask(way, path, sent);
      answers.push({ ...answer, ...(status !== 200 && { text }) });
    }
    expect(answers[0]?.status).toBe(status);
    expect(answers[1]).toEqual(answers[0]);
  },
);

test("what looks like one of these is answered directly, and nothing else", async () => {
  const path = await pathOfFile("direct");
  const before = both.passedOn();
  for (const method of ["GET", "HEAD"]) await ask("direct", path, { method });
  await ask("direct", await pathOfGrant(), { method: "POST", body: bytes, headers: binary });
  expect(both.passedOn() - before).toBe(0);
  expect(await ask("direct", "/api/files/a/b")).toMatchObject({ status: 404 });
  expect(await ask("direct", path, { method: "PUT" })).toMatchObject({ status: 405 });
  expect(both.passedOn() - before).toBe(0);
  await ask("direct", path, { method: "OPTIONS" });
  expect(both.passedOn() - before).toBe(1);
});

test("another's token is refused, and the URL stays good", async () => {
  const path = await pathOfGrant();
  const { services } = opened.composition;
  const { id } = await services.db.user.create({
    data: { id: "another", email: "other@example.com", createdAt: new Date() },
  });
  const { token: foreign } = await createSession(services, {
    userId: id,
    kind: "token",
    name: "t",
  });
  const sent = (bearer: string) => ({
    method: "POST",
    body: bytes,
    headers: { ...binary, authorization: `Bearer ${bearer}` },
  });
  expect(await ask("direct", path, sent(foreign))).toMatchObject({ status: 403 });
  expect(await ask("direct", path, sent(token))).toMatchObject({ status: 200 });
});

test("a client that goes away in the middle leaves nothing, and may try again", async () => {
  const path = await pathOfGrant();
  const { port } = new URL(servers.direct.origin);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 150000\r\n\r\n`);
      socket.write(bytes.subarray(0, 70_000));
      setTimeout(() => socket.destroy(), 100);
    });
    socket.on("close", () => resolve());
  });
  const again = () => ask("direct", path, { method: "POST", body: bytes, headers: binary });
  await expect.poll(async () => (await again()).status, { timeout: 10_000 }).toBe(200);
  const { objects } = opened.composition.services;
  const { items } = await objects.list("files", { limit: 1000 });
  const rows = await opened.composition.services.db.file.findMany({ where: { status: "ready" } });
  expect(items.map(({ key }) => key).toSorted()).toEqual(
    rows.map(({ objectKey }) => objectKey).toSorted(),
  );
});

test("a connection goes on after an upload, and after one that was refused", async () => {
  const paths = [await pathOfGrant(), "/api/files/upload/fmu_x", await pathOfGrant()];
  const { port } = new URL(servers.direct.origin);
  const statuses: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1");
    const next = () => {
      const path = paths.shift();
      if (!path) return socket.end();
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
    };
    socket.on("data", (chunk) => {
      const [, status] = /^HTTP\/1.1 (\d+)/.exec(chunk.toString()) ?? [];
      if (!status) return;
      statuses.push(status);
      next();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve());
    next();
  });
  expect(statuses).toEqual(["200", "404", "200"]);
});
