import { afterEach, expect, test } from "vitest";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { readBody, serve, type TestServer } from "./testing/serve";

let server: TestServer | undefined;
afterEach(() => server?.close());

const body = new Blob(["piano"]);

test("sends the bytes with exactly the headers given, and reads the answer", async () => {
  let seen: unknown;
  server = await serve(async (request, response) => {
    const bytes = await readBody(request);
    seen = [request.method, request.headers["x-signed"], bytes.toString()];
    response.writeHead(201, { etag: '"abc"' }).end("stored");
  });
  const sent: number[] = [];
  const response = await sendBytes(fetch, {
    url: server.origin,
    method: "PUT",
    headers: { "x-signed": "yes", "content-length": "5" },
    body,
    onProgress: (bytes) => sent.push(bytes),
  });
  expect(seen).toEqual(["PUT", "yes", "piano"]);
  expect([response.status, response.header("etag"), response.body]).toEqual([
    201,
    '"abc"',
    "stored",
  ]);
  expect(sent).toEqual([5]);
});

test("answers with an error status instead of throwing", async () => {
  server = await serve((_, response) => void response.writeHead(503).end());
  const response = await sendBytes(fetch, {
    url: server.origin,
    method: "POST",
    headers: {},
    body,
  });
  expect(response.status).toBe(503);
});

test("calls a connection that breaks half-way NETWORK", async () => {
  server = await serve((request) => void request.socket.destroy());
  const sending = sendBytes(fetch, { url: server.origin, method: "POST", headers: {}, body });
  await expect(sending).rejects.toMatchObject({ code: "NETWORK" });
});

test("stops a request under way when it is aborted", async () => {
  const aborter = new AbortController();
  let closed = () => {};
  const connectionClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  server = await serve((request) => {
    request.socket.on("close", closed);
    aborter.abort();
  });
  const sending = sendBytes(fetch, {
    url: server.origin,
    method: "POST",
    headers: {},
    body,
    signal: aborter.signal,
  });
  await expect(sending).rejects.toMatchObject({ code: "ABORTED" });
  await connectionClosed;
});

function answer(status: number, text: string) {
  return { status, body: text, header: () => null };
}

test("reads refusals in our own words and in a store's", async () => {
  const error = { appCode: "CHECKSUM_MISMATCH", message: "m", requestId: "r" };
  expect(await errorOfResponse(answer(400, JSON.stringify({ error })))).toMatchObject({
    code: "CHECKSUM_MISMATCH",
    httpStatus: 400,
  });
  const xml = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
  expect(await errorOfResponse(answer(403, xml))).toMatchObject({
    code: "FORBIDDEN",
    details: { storeCode: "SignatureDoesNotMatch" },
  });
  const expired = "<Error><Code>ExpiredRequest</Code></Error>";
  expect((await errorOfResponse(answer(400, expired))).code).toBe("UPLOAD_EXPIRED");
  expect((await errorOfResponse(answer(503, "SlowDown"))).code).toBe("UPSTREAM_UNAVAILABLE");
});
