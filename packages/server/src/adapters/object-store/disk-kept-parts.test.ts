import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../ground/secrets";
import { systemClock } from "../../ports/clock";
import type { SignedRequest } from "../../ports/object-store";
import { httpRequest } from "../../testing/http-request";
import { randomFrom } from "../../testing/mutations";
import { type FetchServer, serveFetch } from "../../testing/serve-fetch";
import { createDiskObjectStore, type DiskObjectStore } from "./disk";

const secret = "a secret of this test's, and long enough";
const bucket = "media-private";
const partBytes = 100_000;

let dir: string;
let store: DiskObjectStore;
let server: FetchServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-kept-"));
  store = createDiskObjectStore({ dir, secret, clock: systemClock });
  server = await serveFetch((request) => store.handle(request));
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function begin(parts: Buffer[]) {
  const key = newId();
  const uploadId = await store.createMultipartUpload(bucket, key, { contentType: "video/mp4" });
  const origin = { ttlSeconds: 60, origin: server.origin };
  const sign = (part: Buffer, partNumber: number, checksum: object) =>
    store.signParts([
      { ...{ bucket, key, uploadId, partNumber }, sizeBytes: part.length, ...origin, ...checksum },
    ]);
  const signed: SignedRequest[] = [];
  for (const [index, part] of parts.entries()) {
    signed.push(...(await sign(part, index + 1, { sha256: sha256Of(part) })));
  }
  return {
    key,
    signed,
    sign,
    complete: () =>
      store.completeMultipartUpload(
        bucket,
        key,
        uploadId,
        parts.map((part, index) => ({ partNumber: index + 1, etag: `"${sha256Of(part)}"` })),
      ),
    abort: () => store.abortMultipartUpload(bucket, key, uploadId),
    async content() {
      const found = await store.get(bucket, key);
      return Buffer.from(await new Response(found?.body).arrayBuffer());
    },
  };
}

async function offsetOf({ url }: SignedRequest): Promise<number> {
  const answer = await httpRequest(url, { method: "HEAD" });
  expect(answer.status).toBe(204);
  return Number(answer.headers["upload-offset"]);
}

const headersFrom = ({ headers }: SignedRequest, offset: number, bytes: number) => ({
  ...headers,
  "upload-offset": String(offset),
  "content-length": String(bytes),
});

const putFrom = (signed: SignedRequest, body: Buffer, offset: number) =>
  httpRequest(signed.url, {
    method: "PUT",
    headers: headersFrom(signed, offset, body.length - offset),
    body: body.subarray(offset),
  });

/** A request whose connection is cut, or goes dead with nobody noticing, once the store has taken the bytes up to `end`. */
async function sendSome(
  signed: SignedRequest,
  body: Buffer,
  [offset, end]: [number, number],
  ending: "cut" | "dead",
): Promise<void> {
  const headers = headersFrom(signed, offset, body.length - offset);
  await new Promise<void>((resolve, reject) => {
    const pieces = [body.subarray(offset, end)];
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const piece = pieces.shift();
          if (piece) return controller.enqueue(piece);
          // Asked for more: the store has the piece.
          if (ending === "cut") return controller.error(new Error("connection reset"));
          resolve();
          return new Promise(() => {});
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request(signed.url, {
      method: "PUT",
      headers,
      body: stream,
      duplex: "half",
    });
    store.handle(request).then(() => resolve(), reject);
  });
}

const filesBelow = async (prefix: string) =>
  (await readdir(join(dir, "uploads"), { recursive: true })).filter((path) =>
    path.includes(`/${prefix}-`),
  );

test("a part goes on at the byte, wherever and however often its connection is cut", async () => {
  const random = randomFrom(20_261_129);
  const parts = [partBytes, partBytes, 30_001].map((bytes) => randomBytes(bytes));
  const upload = await begin(parts);
  const send = async (part: Buffer, signed: SignedRequest) => {
    let sent = 0;
    for (let cuts = 0; ; cuts++) {
      const offset = await offsetOf(signed);
      expect(offset).toBe(sent);
      if (cuts >= 8) return putFrom(signed, part, offset);
      sent = offset + Math.floor(random() * (part.length - offset));
      await sendSome(signed, part, [offset, sent], random() < 0.5 ? "cut" : "dead");
    }
  };
  const answers = await Promise.all(
    parts.map((part, index) => send(part, upload.signed[index] as SignedRequest)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await upload.complete();
  expect((await upload.content()).equals(Buffer.concat(parts))).toBe(true);
  expect([await filesBelow("kept"), await filesBelow("draft")]).toEqual([[], []]);
});

test("of two that go on with the same part, one does, and no byte of theirs is mixed", async () => {
  const part = randomBytes(partBytes);
  const upload = await begin([part]);
  const [signed] = upload.signed as [SignedRequest];
  await sendSome(signed, part, [0, 40_000], "dead");
  expect(await offsetOf(signed)).toBe(40_000);
  // The same request once more, as browsers send it by themselves.
  const again = await putFrom(signed, part, 0);
  expect([again.status, again.headers["upload-offset"]]).toEqual([409, "40000"]);
  const both = await Promise.all([
    putFrom(signed, part, 40_000),
    putFrom(signed, part, 40_000),
    putFrom(signed, part, 39_999),
  ]);
  for (const { status } of both) expect([200, 409]).toContain(status);
  const offset = await offsetOf(signed);
  if (!both.some(({ status }) => status === 200)) {
    expect((await putFrom(signed, part, offset)).status).toBe(200);
  }
  await upload.complete();
  expect((await upload.content()).equals(part)).toBe(true);
});

test("the rest of other bytes makes no part, and what was kept for it is gone", async () => {
  const part = randomBytes(partBytes);
  const upload = await begin([part]);
  const [signed] = upload.signed as [SignedRequest];
  await sendSome(signed, randomBytes(partBytes), [0, 40_000], "cut");
  expect(await offsetOf(signed)).toBe(40_000);
  const wrong = await putFrom(signed, part, 40_000);
  expect(JSON.parse(wrong.text).error.appCode).toBe("CHECKSUM_MISMATCH");
  expect(await offsetOf(signed)).toBe(0);
  expect((await putFrom(signed, part, 0)).status).toBe(200);
  // A late one of the same part leaves nothing behind.
  await sendSome(signed, part, [0, 40_000], "cut");
  expect(await offsetOf(signed)).toBe(0);
  await upload.abort();
  expect([await filesBelow("kept"), await filesBelow("part")]).toEqual([[], []]);
});

test("a grant allows no more than its part: not another length, nor bytes that it does not name", async () => {
  const part = randomBytes(partBytes);
  const upload = await begin([part]);
  const [signed] = upload.signed as [SignedRequest];
  const refused = async (headers: Record<string, string>, body: Buffer, to = signed) => {
    const all = { ...to.headers, "content-length": String(body.length), ...headers };
    return (await httpRequest(to.url, { method: "PUT", headers: all, body })).status;
  };
  const rest = part.subarray(40_000);
  expect(await refused({ "upload-offset": "40000" }, part)).toBe(403);
  expect(await refused({ "upload-offset": "40000" }, rest)).toBe(409);
  for (const offset of ["-1", "00", "1e3", "100001", "0x10", " "]) {
    expect(await refused({ "upload-offset": offset }, rest)).toBe(400);
  }
  const [bare] = (await upload.sign(part, 1, {})) as [SignedRequest];
  await sendSome(bare, part, [0, 40_000], "cut");
  expect([await offsetOf(bare), await offsetOf(signed)]).toEqual([40_000, 0]);
  const [other] = (await upload.sign(part, 1, { ttlSeconds: 61 })) as [SignedRequest];
  expect(await offsetOf(other)).toBe(0);
  expect(await refused({ "upload-offset": "40000" }, rest, other)).toBe(409);
  const forged = signed.url.replace("partNumber=1", "partNumber=2");
  expect((await httpRequest(forged, { method: "HEAD" })).status).toBe(403);
  await upload.abort();
  expect((await httpRequest(signed.url, { method: "HEAD" })).status).toBe(404);
});

test("a process that is killed costs what it was writing, and nothing that was kept before", async () => {
  const parts = [randomBytes(partBytes), randomBytes(partBytes)];
  const upload = await begin(parts);
  const [first, second] = upload.signed as [SignedRequest, SignedRequest];
  await sendSome(first, parts[0] as Buffer, [0, 30_000], "cut");
  // Nobody is left of it who could be told to stop.
  await sendSome(second, parts[1] as Buffer, [0, 50_000], "dead");
  const successor = createDiskObjectStore({ dir, secret, clock: systemClock });
  const answer = (request: SignedRequest, init: RequestInit) =>
    successor.handle(new Request(request.url, init));
  const offsets = await Promise.all(
    [first, second].map(async (signed) => {
      const told = await answer(signed, { method: "HEAD" });
      return Number(told.headers.get("upload-offset"));
    }),
  );
  expect(offsets).toEqual([30_000, 0]);
  for (const [index, signed] of [first, second].entries()) {
    const part = parts[index] as Buffer;
    const offset = offsets[index] as number;
    const headers = headersFrom(signed, offset, part.length - offset);
    const sent = await answer(signed, {
      method: "PUT",
      headers,
      body: new Uint8Array(part.subarray(offset)),
    });
    expect(sent.status).toBe(200);
  }
  await upload.complete();
  expect((await upload.content()).equals(Buffer.concat(parts))).toBe(true);
});
