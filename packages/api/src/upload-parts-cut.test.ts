import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { defaultFetch } from "./default-fetch";
import type { PartToSign } from "./part-urls";
import { planParts } from "./plan-parts";
import { serve, type TestServer } from "./testing/serve";
import { Parallelism } from "./upload-parallelism";
import { uploadParts } from "./upload-parts";

let server: TestServer | undefined;
afterEach(() => server?.close());

const retry = { maxTries: 5, baseDelayMs: 1, maxDelayMs: 5, stallMs: 5_000 };
const partBytes = 40_000;
/** More than the buffers of a connection on loopback hold. */
const stillPartBytes = 16_000_000;
const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

interface Cutting {
  /** After how many bytes of a body its connection is cut; null leaves it. */
  cutAfter(partNumber: number, tries: number, bodyBytes: number): number | null;
  /** A server of the release before says nothing of what it has, and takes whole parts only. */
  keeps?: boolean;
  /** Answers a request that goes on. */
  refuses?: number;
  /** Of this part, a first request's connection stands still after so many bytes. */
  standsStill?: { partNumber: number; bytes: number };
}

/** A store that keeps what came of a part whose connection it cuts, as our own does. */
async function startStore({ cutAfter, keeps = true, refuses, standsStill }: Cutting) {
  const kept = new Map<string, Buffer>();
  const parts = new Map<number, Buffer>();
  const tries = new Map<number, number>();
  let receivedBytes = 0;
  const put = async (partNumber: number, request: IncomingMessage, response: ServerResponse) => {
    const { digest = "", "upload-offset": said } = request.headers;
    const offset = String(said ?? 0);
    const as = String(digest || request.url);
    const before = kept.get(as) ?? Buffer.alloc(0);
    const count = (tries.get(partNumber) ?? 0) + 1;
    tries.set(partNumber, count);
    if (refuses && offset !== "0") return response.writeHead(refuses).end();
    if (said !== undefined && Number(said) !== before.length) {
      return response.writeHead(409, { "upload-offset": before.length }).end();
    }
    const limit = cutAfter(partNumber, count, Number(request.headers["content-length"]));
    const isStill = partNumber === standsStill?.partNumber && count === 1;
    const chunks: Buffer[] = offset === "0" ? [] : [before];
    let bytes = 0;
    for await (const chunk of request) {
      const taken = limit === null ? chunk : chunk.subarray(0, limit - bytes);
      bytes += taken.length;
      receivedBytes += taken.length;
      chunks.push(taken);
      if (isStill && bytes >= standsStill.bytes) {
        kept.set(as, Buffer.concat(chunks));
        return void request.pause();
      }
      if (limit === null || bytes < limit) continue;
      if (keeps) kept.set(as, Buffer.concat(chunks));
      return request.socket.resetAndDestroy();
    }
    const part = Buffer.concat(chunks);
    if (digest && digest !== `sha-256=${createHash("sha256").update(part).digest("base64")}`) {
      kept.delete(as);
      const error = { appCode: "CHECKSUM_MISMATCH", message: "", requestId: "" };
      return response.writeHead(400).end(JSON.stringify({ error }));
    }
    parts.set(partNumber, part);
    const algorithm = request.headers["want-digest"] ? "sha256" : "md5";
    response.setHeader("etag", `"${createHash(algorithm).update(part).digest("hex")}"`).end();
  };
  server = await serve(async (request, response) => {
    const url = new URL(request.url ?? "", "http://store");
    const partNumber = Number(url.pathname.slice(1));
    if (request.method !== "HEAD")
      return void (await put(partNumber, request, response).catch(() => {}));
    if (!keeps) return void response.writeHead(403).end();
    const sha256 = url.searchParams.get("sha256");
    const as = sha256 ? `sha-256=${sha256}` : String(request.url);
    response.writeHead(204, { "upload-offset": kept.get(as)?.length ?? 0 }).end();
  });
  const { origin } = server;
  return {
    tries,
    kept,
    receivedBytes: () => receivedBytes,
    whole: () => Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part)),
    sign: async (toSign: PartToSign[]) => ({
      urls: toSign.map(({ partNumber, sha256 = "" }) => {
        const base64 = Buffer.from(sha256, "hex").toString("base64");
        return {
          partNumber,
          url: `${origin}/${partNumber}?sha256=${encodeURIComponent(base64)}`,
          headers: { digest: `sha-256=${base64}` } as Record<string, string>,
        };
      }),
    }),
    /** What a URL without a checksum looks like. */
    early: (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        partNumber: index + 1,
        url: `${origin}/${index + 1}`,
        headers: {} as Record<string, string>,
      })),
  };
}

type Store = Awaited<ReturnType<typeof startStore>>;

const upload = (store: Store, bytes: Uint8Array<ArrayBuffer>, extra: object = {}) =>
  uploadParts({
    file: new Blob([bytes]),
    parts: planParts(bytes.length, partBytes),
    sign: store.sign,
    parallelism: new Parallelism({ start: 4, most: 4 }),
    workers: 6,
    checksum: "sha256",
    reports: false,
    keepsCutParts: true,
    fetch,
    retry,
    ...extra,
  });

test.each([
  ["the caller's fetch", fetch],
  ["Node", defaultFetch],
])("by %s, parts go on at the byte, wherever they are cut", async (_, fetch) => {
  const bytes = new Uint8Array(randomBytes(10 * partBytes + 77));
  // More often than a part may be tried: each time some of it came.
  const store = await startStore({
    cutAfter: (_, tries, bodyBytes) =>
      tries > 8 ? null : 1 + Math.floor(Math.random() * (bodyBytes - 1)),
  });
  await upload(store, bytes, { fetch });
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.receivedBytes()).toBe(bytes.length);
});

test("the last part goes on by another connection when its own stands still and the others have nothing left", async () => {
  const bytes = new Uint8Array(randomBytes(4 * stillPartBytes));
  const store = await startStore({
    cutAfter: () => null,
    standsStill: { partNumber: 3, bytes: stillPartBytes / 8 },
  });
  const stalled = { ...retry, stallMs: 60_000 };
  await upload(store, bytes, {
    fetch: defaultFetch,
    parts: planParts(bytes.length, stillPartBytes),
    retry: stalled,
  });
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.tries.get(3)).toBeGreaterThan(1);
});

test("a part that left without a checksum goes on, too, and is compared in the end", async () => {
  const bytes = new Uint8Array(randomBytes(4 * partBytes));
  const store = await startStore({ cutAfter: (_, tries) => (tries > 2 ? null : 1_000) });
  await upload(store, bytes, { firstUrls: store.early(4) });
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.receivedBytes()).toBe(bytes.length);
});

test("an upload that is taken up asks how far its first parts came", async () => {
  const bytes = new Uint8Array(randomBytes(8 * partBytes));
  const store = await startStore({ cutAfter: () => null });
  const half = bytes.subarray(partBytes, 1.5 * partBytes);
  const digest = Buffer.from(sha256Of(bytes.subarray(partBytes, 2 * partBytes)), "hex");
  store.kept.set(`sha-256=${digest.toString("base64")}`, Buffer.from(half));
  await upload(store, bytes, { resumed: true });
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.receivedBytes()).toBe(bytes.length - half.length);
});

test.each([
  ["says nothing of what it has", { keeps: false }],
  ["refuses what goes on", { refuses: 409 }],
  ["has it behind something that refuses what goes on", { refuses: 501 }],
])("a server that %s gets the part whole", async (_, kind) => {
  const bytes = new Uint8Array(randomBytes(6 * partBytes));
  const store = await startStore({
    cutAfter: (_, tries) => (tries > 2 ? null : partBytes / 2),
    ...kind,
  });
  await upload(store, bytes);
  expect(store.whole().equals(bytes)).toBe(true);
});

test("what is kept and is not the file's is sent again", async () => {
  const bytes = new Uint8Array(randomBytes(2 * partBytes));
  const store = await startStore({ cutAfter: () => null });
  const digest = Buffer.from(sha256Of(bytes.subarray(0, partBytes)), "hex").toString("base64");
  store.kept.set(`sha-256=${digest}`, randomBytes(100));
  await upload(store, bytes, { resumed: true });
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.tries.get(1)).toBe(2);
});
