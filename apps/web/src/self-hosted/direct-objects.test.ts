import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BothHosts, listenBothWays, type Way, ways } from "../testing/both-hosts";
import { openTestComposition } from "../testing/test-composition";

const allowedOrigin = "https://mirror.example.com";
const bytes = randomBytes(1_500_000);
const md5 = createHash("md5").update(bytes).digest("base64");

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
let both: BothHosts;
let servers: BothHosts["servers"];
let keys = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-direct-"));
  opened = await openTestComposition(dir);
  const { services } = opened.composition;
  services.config.allowedOrigins = [allowedOrigin];
  both = await listenBothWays(opened.composition);
  servers = both.servers;
});

afterAll(async () => {
  both.close();
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

/** One request on a connection of its own. @returns what does not differ from one request to the next */
function ask(way: Way, path: string, { method = "GET", headers = {}, body }: Sent = {}) {
  return new Promise<{ status: number; headers: object; text: string }>((resolve, reject) => {
    const outgoing = request(
      servers[way].origin + path,
      { method, headers: { host: "studio.example.com", ...headers }, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const { date: _, "x-request-id": id, ...rest } = incoming.headers;
          if (!id) return reject(new Error("an answer without a request id"));
          const whole = Buffer.concat(chunks);
          const text =
            whole.length > 10_000
              ? createHash("sha256").update(whole).digest("hex")
              : whole.toString().replaceAll(String(id), "<id>");
          resolve({ status: incoming.statusCode ?? 0, headers: rest, text });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const objects = () => opened.composition.services.objects;
const origin = "http://studio.example.com";
const pathOf = (url: string) => url.slice(origin.length);

async function grant(more: object = {}) {
  const key = `object-${++keys}`;
  const { db } = opened.composition.services;
  const now = new Date();
  // Only an upload that is open takes bytes.
  await db.media.create({
    data: {
      id: key,
      key,
      userId: "somebody",
      filename: "a.png",
      contentType: "image/png",
      visibility: "private",
      reservedBytes: bytes.length,
      createdAt: now,
      expiresAt: new Date(now.getTime() + 60_000),
    },
  });
  const signed = await objects().signPut({
    bucket: "media-private",
    key,
    contentType: "image/png",
    sizeBytes: bytes.length,
    ttlSeconds: 60,
    origin,
    md5,
    ...more,
  });
  return { key, path: pathOf(signed.url), headers: signed.headers };
}

async function pathOfObject(): Promise<string> {
  const { key, path, headers } = await grant();
  expect((await ask("direct", path, { method: "PUT", headers, body: bytes })).status).toBe(200);
  const expiresAt = new Date(Date.now() + 60_000);
  return pathOf(await objects().signGet({ bucket: "media-private", key, expiresAt, origin }));
}

const reads: [string, Sent & { change?: (path: string) => string }][] = [
  ["as a whole", {}],
  ["by HEAD", { method: "HEAD" }],
  ["in part", { headers: { range: "bytes=500000-1400000" } }],
  ["beyond its end", { headers: { range: "bytes=1500000-" } }],
  ["from an allowed origin", { headers: { origin: allowedOrigin } }],
  ["with a forged signature", { change: (path) => path.replace("signature=", "signature=A") }],
  ["by HEAD without one", { method: "HEAD", change: (path) => path.split("?")[0] ?? "" }],
  ["that is not there", { change: () => "/api/objects/media-public/nothing" }],
  ["by a path that climbs", { change: () => "/api/objects/media-public/..%2f..%2fmeta.json" }],
  ["by another method", { method: "DELETE" }],
];

test.each(reads)("an object read %s is the same from both", async (_, { change, ...sent }) => {
  const path = await pathOfObject();
  const [byFetch, direct] = await Promise.all(
    ways.map((way) => ask(way, change ? change(path) : path, sent)),
  );
  expect(direct).toEqual(byFetch);
});

test("bytes that were put come back whole", async () => {
  const { status, text } = await ask("direct", await pathOfObject());
  expect([status, text]).toEqual([200, createHash("sha256").update(bytes).digest("hex")]);
});

const other = createHash("md5").update("other").digest("base64");
const puts: [
  string,
  number,
  { headers?: Record<string, string>; body?: Buffer; terms?: object },
][] = [
  ["of what was granted", 200, {}],
  ["from an allowed origin", 200, { headers: { origin: allowedOrigin } }],
  ["of other bytes", 400, { terms: { md5: other } }],
  ["of too little", 403, { body: bytes.subarray(1) }],
  ["of another type", 403, { headers: { "content-type": "image/jpeg" } }],
  ["that comes late", 403, { terms: { ttlSeconds: -1 } }],
];

test.each(puts)("a PUT %s is answered the same by both, with %i", async (_, status, put) => {
  const answers = [];
  for (const way of ways) {
    const { path, headers } = await grant(put.terms);
    const sent = { method: "PUT", headers: { ...headers, ...put.headers }, body: bytes, ...put };
    answers.push(await ask(way, path, { ...sent, headers: { ...headers, ...put.headers } }));
  }
  expect(answers[0]?.status).toBe(status);
  expect(answers[1]).toEqual(answers[0]);
});

test("a second PUT is refused and changes nothing", async () => {
  const { path, headers } = await grant();
  const put = () => ask("direct", path, { method: "PUT", headers, body: bytes });
  expect([(await put()).status, (await put()).status]).toEqual([200, 412]);
});

test("a sender that goes away half-way leaves nothing", async () => {
  const { key, path, headers } = await grant();
  const { port } = servers.direct;
  const socket = connect(port, "127.0.0.1");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`PUT ${path} HTTP/1.1`, "host: studio.example.com", ...lines];
  socket.write(`${head.join("\r\n")}\r\ncontent-length: ${bytes.length}\r\n\r\n`);
  socket.write(bytes.subarray(0, 700_000), () => socket.destroy());
  await once(socket, "close");
  expect(await objects().head("media-private", key)).toBeNull();
  // The grant is still good, so nothing of the first try is in the way.
  const again = await ask("direct", path, { method: "PUT", headers, body: bytes });
  expect(again.status).toBe(200);
});

test("what is an object's is answered directly, and nothing else", async () => {
  const path = await pathOfObject();
  const before = both.passedOn();
  for (const method of ["GET", "HEAD"]) await ask("direct", path, { method });
  expect(both.passedOn() - before).toBe(0);
  expect(await ask("direct", path, { method: "POST" })).toMatchObject({ status: 405 });
  await ask("direct", path, { method: "OPTIONS" });
  expect(both.passedOn() - before).toBe(1);
});
