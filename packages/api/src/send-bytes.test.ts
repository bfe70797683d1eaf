import { appendFileSync, mkdtempSync, openAsBlob, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

test("says of a file that was changed meanwhile that it was, whatever its refusal says", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "fermata-changed-")), "take.wav");
  writeFileSync(path, "piano");
  const file = await openAsBlob(path);
  server = await serve(async (request, response) => {
    await readBody(request);
    appendFileSync(path, "forte");
    response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
  });
  const sending = sendBytes(fetch, { url: server.origin, method: "PUT", headers: {}, body: file });
  await expect(sending).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining("changed"),
  });
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
  const words = async (status: number, text: string) => {
    const { code, message, details } = await errorOfResponse(answer(status, text));
    return [code, details?.reason, message.split(/[ ,.:]/).length > 8];
  };
  const code = (name: string) => `<Error><Code>${name}</Code></Error>`;
  expect(await words(403, code("RequestTimeTooSkewed"))).toEqual(["FORBIDDEN", "clock", true]);
  expect(await words(403, code("AccessDenied"))).toEqual(["FORBIDDEN", "store", true]);
  expect(await words(403, code("QuotaExceeded"))).toEqual(["FORBIDDEN", "full", true]);
  expect(await words(507, code("XMinioStorageFull"))).toEqual([
    "UPSTREAM_UNAVAILABLE",
    "full",
    true,
  ]);
  expect(await words(507, "")).toEqual(["UPSTREAM_UNAVAILABLE", "full", true]);
  expect(await words(403, "<!DOCTYPE html><h1>Blocked")).toEqual(["FORBIDDEN", "proxy", true]);
  const expired = "<Error><Code>ExpiredRequest</Code></Error>";
  expect((await errorOfResponse(answer(400, expired))).code).toBe("UPLOAD_EXPIRED");
  const old = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
  expect((await errorOfResponse(answer(403, old))).code).toBe("UPLOAD_EXPIRED");
  expect((await errorOfResponse(answer(503, "SlowDown"))).code).toBe("UPSTREAM_UNAVAILABLE");
});
