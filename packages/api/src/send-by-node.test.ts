import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { defaultFetch } from "./default-fetch";
import { sendByNode, sendsByNode } from "./send-by-node";
import { readBody, serve, type TestServer } from "./testing/serve";

let server: TestServer | undefined;
afterEach(() => server?.close());

const chunks = Array.from({ length: 50 }, () => randomBytes(65_536));
const sizeBytes = 50 * 65_536;

function put(origin: string, extra: object = {}) {
  return sendByNode({ url: origin, method: "PUT", headers: {}, body: chunks, ...extra });
}

test("speaks where the caller's fetch does not", () => {
  expect(sendsByNode(defaultFetch)).toBe(true);
  expect(sendsByNode((input, init) => fetch(input, init))).toBe(false);
});

test("sends every chunk with its length and the headers given, and tells how far it is", async () => {
  let seen: unknown;
  let received: Buffer = Buffer.alloc(0);
  server = await serve(async (request, response) => {
    received = await readBody(request);
    const { headers } = request;
    seen = [request.method, headers["x-signed"], headers["content-length"]];
    response.writeHead(201, { etag: '"abc"' }).end("störed");
  });
  const sent: number[] = [];
  const response = await put(server.origin, {
    headers: { "x-signed": "yes" },
    onProgress: (bytes: number) => sent.push(bytes),
  });
  expect(seen).toEqual(["PUT", "yes", String(sizeBytes)]);
  expect(received.equals(Buffer.concat(chunks))).toBe(true);
  expect([response.status, response.header("ETag"), response.header("x"), response.body]).toEqual([
    201,
    '"abc"',
    null,
    "störed",
  ]);
  expect(sent).toEqual([16, 32, 48, 50].map((count) => count * 65_536));
});

test("answers with an error status instead of throwing", async () => {
  server = await serve(async (request, response) => {
    await readBody(request);
    response.writeHead(503).end("SlowDown");
  });
  expect(await put(server.origin)).toMatchObject({ status: 503, body: "SlowDown" });
});

test("tells of nothing that had not left when it was cut", async () => {
  // Reads nothing, so that most of it waits.
  server = await serve(() => {});
  const cut = new AbortController();
  const sent: number[] = [];
  const body = Array.from({ length: 64 }, () => randomBytes(1024 * 1024));
  const sending = put(server.origin, {
    body,
    signal: cut.signal,
    onProgress: (bytes: number) => sent.push(bytes),
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = sent.length;
  cut.abort();
  await expect(sending).rejects.toMatchObject({ code: "ABORTED" });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(64);
  expect(sent).toHaveLength(before);
});

test("calls a connection that breaks NETWORK, before the answer and in it", async () => {
  server = await serve((request) => void request.socket.destroy());
  await expect(put(server.origin)).rejects.toMatchObject({ code: "NETWORK" });
  await server.close();
  await expect(put(server.origin)).rejects.toMatchObject({ code: "NETWORK" });
  server = await serve(async (request, response) => {
    await readBody(request);
    response.writeHead(200, { "content-length": "100" }).write("half");
    setTimeout(() => request.socket.destroy(), 20);
  });
  await expect(put(server.origin)).rejects.toMatchObject({ code: "NETWORK" });
});

test("gives a request up when nothing moves any more", async () => {
  server = await serve((request) => void request.pause());
  await expect(put(server.origin, { stallMs: 100 })).rejects.toMatchObject({ code: "NETWORK" });
});

test("stops a request under way when it is aborted, and begins none after that", async () => {
  const aborter = new AbortController();
  let requests = 0;
  let closed = () => {};
  const connectionClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  server = await serve((request) => {
    requests++;
    // Who reads nothing does not hear that the other side went away.
    request.resume();
    request.socket.on("close", closed);
    aborter.abort();
  });
  const { signal } = aborter;
  await expect(put(server.origin, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  await connectionClosed;
  await expect(put(server.origin, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect(requests).toBe(1);
});
