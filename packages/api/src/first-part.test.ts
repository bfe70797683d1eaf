import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { FirstPart } from "./first-part";
import { createPauseControl } from "./pause-control";
import { readBody, serve, type TestServer } from "./testing/serve";
import { uploadContext } from "./testing/upload-context";
import type { UploadContext } from "./upload-context";

let server: TestServer | undefined;
afterEach(() => server?.close());

const bytes = new Blob([new Uint8Array(300_000)]);

async function contextOf(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<UploadContext> {
  server = await serve(async (request, response) => {
    await answer(request, response);
  });
  return uploadContext(server.origin, {
    authorization: async () => ({ authorization: "Bearer mine" }),
    takes: { firstPart: { maxBytes: 400_000 } },
  });
}

const taken = async (request: IncomingMessage, response: ServerResponse) => {
  await readBody(request);
  response.writeHead(200, { etag: '"of it"' }).end();
};

test("says who sends it and what it belongs to, and is answered once", async () => {
  const asked: unknown[] = [];
  const context = await contextOf((request, response) => {
    asked.push([request.method, request.url, request.headers.authorization]);
    return taken(request, response);
  });
  const first = new FirstPart(context, bytes, {});
  const loaded: number[] = [];
  const answer = await first.answer(undefined, (sentBytes) => loaded.push(sentBytes));
  expect([answer?.status, answer?.header("etag")]).toEqual([200, '"of it"']);
  expect(loaded.at(-1)).toBe(bytes.size);
  expect(asked).toEqual([["POST", `/api/media/part?opening=${first.opening}`, "Bearer mine"]]);
  // What it made may have been replaced by then: the part is sent.
  expect(await first.answer(undefined, () => {})).toBeNull();
  expect(asked).toHaveLength(1);
});

test("that is refused goes by its URL, as do those of later files", async () => {
  const context = await contextOf(async (request, response) => {
    await readBody(request);
    response.writeHead(413, { server: "nginx" }).end("<html>413 Request Entity Too Large</html>");
  });
  expect(await new FirstPart(context, bytes, {}).answer(undefined, () => {})).toBeNull();
  expect(context.takes.firstPart).toBeUndefined();
});

test("whose connection broke does so too, and the next file tries again", async () => {
  const context = await contextOf((request) => request.destroy());
  expect(await new FirstPart(context, bytes, {}).answer(undefined, () => {})).toBeNull();
  expect(context.takes.firstPart).toBeDefined();
});

test("is not sent during a pause", async () => {
  const asked: unknown[] = [];
  const context = await contextOf((request, response) => {
    asked.push(request.url);
    return taken(request, response);
  });
  const pause = createPauseControl();
  pause.pause();
  expect(await new FirstPart(context, bytes, { pause }).answer(undefined, () => {})).toBeNull();
  expect(asked).toEqual([]);
  expect(context.takes.firstPart).toBeDefined();
});

test("ends with a pause, with its upload, and with whoever waits for it", async () => {
  const cut: Promise<void>[] = [];
  const context = await contextOf((request, response) => {
    request.resume();
    cut.push(new Promise((closed) => response.once("close", closed)));
  });
  const pause = createPauseControl();
  const [upload, waiting] = [new AbortController(), new AbortController()];
  const firsts = [{ pause }, { signal: upload.signal }, {}].map(
    (options) => new FirstPart(context, bytes, options),
  );
  const answers = firsts.map((first) => first.answer(waiting.signal, () => {}));
  await expect.poll(() => cut.length).toBe(3);
  pause.pause();
  upload.abort();
  waiting.abort();
  expect(await Promise.all(answers)).toEqual([null, null, null]);
  await Promise.all(cut);
});
