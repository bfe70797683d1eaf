import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import type { FermataCore } from "./create-core";
import { readBody, serve, type TestServer } from "./testing/serve";
import { uploadContext } from "./testing/upload-context";
import type { UploadContext } from "./upload-context";
import { uploadDirect } from "./upload-direct";

let server: TestServer | undefined;
afterEach(() => server?.close());

const file = new File([new Uint8Array(2_000_000)], "photo.jpg", { type: "image/jpeg" });

/** A server whose answers are what `answer` makes of its `count`th request. */
async function contextOf(
  isPassedOn: boolean,
  answer: (count: number, request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<UploadContext & { attempts: string[] }> {
  const attempts: string[] = [];
  server = await serve(async (request, response) => {
    const said = JSON.parse(decodeURIComponent(String(request.headers["x-fermata-upload"])));
    attempts.push(said.attempt);
    await answer(attempts.length, request, response);
  });
  const takes = { [isPassedOn ? "passOn" : "direct"]: { maxBytes: 4_000_000 } };
  return { attempts, ...uploadContext(server.origin, { takes }) };
}

const send = (context: UploadContext) => uploadDirect(context, file, { checksum: false });
const taken = async (request: IncomingMessage, response: ServerResponse) => {
  await readBody(request);
  response.end(JSON.stringify({ key: "a", status: "ready" }));
};

test("what a proxy refuses goes to the store, and is not tried again", async () => {
  const context = await contextOf(true, async (_, request, response) => {
    await readBody(request);
    response.writeHead(413, { server: "nginx" }).end("<html>413 Request Entity Too Large</html>");
  });
  expect(await send(context)).toBeNull();
  expect([context.attempts.length, context.refusedBytes]).toEqual([1, file.size]);
});

test("connections that break before all bytes left lead to the store, once it is more than chance", async () => {
  const context = await contextOf(true, (_, request) => request.destroy());
  expect(await send(context)).toBeNull();
  expect(context.attempts).toHaveLength(2);
  expect(context.refusedBytes).toBeUndefined();
});

test("one that breaks is tried again by the same attempt, and always where there is no other way", async () => {
  for (const [isPassedOn, breaks] of [
    [true, 1],
    [false, 4],
  ] as const) {
    const context = await contextOf(isPassedOn, (count, request, response) =>
      count <= breaks ? request.destroy() : taken(request, response),
    );
    expect(await send(context)).toMatchObject({ key: "a" });
    expect(context.attempts).toHaveLength(breaks + 1);
    expect(new Set(context.attempts).size).toBe(1);
    await server?.close();
  }
});

test("what arrived is compared by the SHA-256 that is wanted, or by an MD5 where that is told", async () => {
  for (const algorithm of ["sha256", "md5"]) {
    const wanted: unknown[] = [];
    const context = await contextOf(false, async (_, request, response) => {
      wanted.push(request.headers["want-digest"]);
      const hash = createHash(algorithm).update(await readBody(request));
      response.setHeader("etag", `"${hash.digest("hex")}"`);
      response.end(JSON.stringify({ key: "a", status: "ready" }));
    });
    expect(await uploadDirect(context, file, {})).toMatchObject({ key: "a" });
    expect(wanted).toEqual(["sha-256"]);
    await server?.close();
  }
});

test.each([
  ["a SHA-256", 64],
  ["an MD5", 32],
])("what %s says is another file is given up and sent again", async (_, digits) => {
  const deleted: unknown[] = [];
  const context = await contextOf(false, async (count, request, response) => {
    const hash = createHash(digits === 64 ? "sha256" : "md5").update(await readBody(request));
    const etag = count === 1 ? "0".repeat(digits) : hash.digest("hex");
    response.setHeader("etag", `"${etag}"`);
    response.end(JSON.stringify({ key: `try-${count}`, status: "ready" }));
  });
  const remove = { mutate: async (input: unknown) => deleted.push(input) };
  context.trpc = { storage: { delete: remove } } as unknown as FermataCore["trpc"];
  expect(await uploadDirect(context, file, {})).toMatchObject({ key: "try-2" });
  expect(deleted).toEqual([{ key: "try-1" }]);
});
