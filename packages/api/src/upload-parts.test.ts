import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import type { CompletedPart } from "./part-urls";
import { readBody, serve, type TestServer } from "./testing/serve";
import { planParts, uploadParts } from "./upload-parts";

let server: TestServer | undefined;
afterEach(() => server?.close());

const retry = { maxTries: 5, baseDelayMs: 1, maxDelayMs: 5 };
const bytes = Uint8Array.from({ length: 1050 }, (_, index) => index % 251);

test("plans equal parts that cover every byte once, the last one smaller", () => {
  expect(planParts(25, 10)).toEqual([
    { partNumber: 1, startByte: 0, endByte: 10 },
    { partNumber: 2, startByte: 10, endByte: 20 },
    { partNumber: 3, startByte: 20, endByte: 25 },
  ]);
  expect(planParts(20, 10)).toHaveLength(2);
  expect(planParts(1, 10)).toEqual([{ partNumber: 1, startByte: 0, endByte: 1 }]);
});

type Fault = (
  partNumber: number,
  tries: number,
  request: IncomingMessage,
  response: ServerResponse,
) => boolean;

/** A store of parts over HTTP. `fault` may answer in its stead, and says so. */
async function startStore(fault: Fault = () => false) {
  const parts = new Map<number, Buffer>();
  const tries = new Map<number, number>();
  const urls: string[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  server = await serve(async (request, response) => {
    urls.push(request.url ?? "");
    const partNumber = Number(/\d+/.exec(request.url ?? "")?.[0]);
    const count = (tries.get(partNumber) ?? 0) + 1;
    tries.set(partNumber, count);
    if (fault(partNumber, count, request, response)) return;
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    const body = await readBody(request);
    await new Promise((resolve) => setTimeout(resolve, 5));
    parts.set(partNumber, body);
    inFlight--;
    response.setHeader("etag", `"etag-${partNumber}"`).end();
  });
  const signCalls: { parts: number[]; uploaded: CompletedPart[] }[] = [];
  const { origin } = server;
  return {
    parts,
    tries,
    urls,
    signCalls,
    mostInFlight: () => mostInFlight,
    whole: () => Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part)),
    async sign(partNumbers: number[], uploaded: CompletedPart[]) {
      signCalls.push({ parts: partNumbers, uploaded });
      const signature = signCalls.length;
      return {
        urls: partNumbers.map((partNumber) => ({
          partNumber,
          url: `${origin}/part/${partNumber}?signature=${signature}`,
          headers: {},
        })),
      };
    },
  };
}

type Store = Awaited<ReturnType<typeof startStore>>;

function upload(store: Store, extra: { signal?: AbortSignal; completed?: CompletedPart[] } = {}) {
  const loaded: number[] = [];
  const result = uploadParts({
    file: new Blob([bytes]),
    parts: planParts(bytes.length, 50),
    sign: store.sign,
    concurrency: 4,
    fetch,
    retry,
    onProgress: (loadedBytes) => loaded.push(loadedBytes),
    ...extra,
  });
  return { result, loaded };
}

test("delivers every byte, four parts at a time, and answers with the ETags in order", async () => {
  const store = await startStore();
  const { result, loaded } = upload(store);
  expect(await result).toEqual(
    Array.from({ length: 21 }, (_, index) => ({
      partNumber: index + 1,
      etag: `"etag-${index + 1}"`,
    })),
  );
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.mostInFlight()).toBeLessThanOrEqual(4);
  expect(store.mostInFlight()).toBeGreaterThan(1);
  expect(loaded.at(-1)).toBe(bytes.length);
});

test("signs each part once, in groups, and reports finished parts on the way", async () => {
  const store = await startStore();
  await upload(store).result;
  const signed = store.signCalls.flatMap((call) => call.parts);
  expect(signed.sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
  expect(store.signCalls.length).toBeLessThanOrEqual(4);
  const reported = store.signCalls.flatMap((call) => call.uploaded.map((part) => part.partNumber));
  expect(reported.length).toBeGreaterThan(0);
  expect(new Set(reported).size).toBe(reported.length);
});

test("repeats parts over 503, resets and lost answers, and ends with the whole object", async () => {
  const store = await startStore((partNumber, tries, request, response) => {
    if (partNumber % 3 === 0 && tries === 1) {
      response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
      return true;
    }
    if (partNumber % 5 === 0 && tries === 2) {
      request.socket.destroy();
      return true;
    }
    return false;
  });
  const { result, loaded } = upload(store);
  await result;
  expect(store.whole().equals(bytes)).toBe(true);
  expect(loaded.at(-1)).toBe(bytes.length);
  expect(store.tries.get(15)).toBe(3);
  expect(store.tries.get(1)).toBe(1);
});

test.each([400, 403])(
  "asks for a new URL when the store refuses the old one with %i",
  async (status) => {
    const store = await startStore((partNumber, tries, _, response) => {
      if (partNumber !== 7 || tries !== 1) return false;
      response.writeHead(status).end("<Error><Code>ExpiredRequest</Code></Error>");
      return true;
    });
    await upload(store).result;
    const urls = store.urls.filter((url) => url.startsWith("/part/7?"));
    expect(new Set(urls).size).toBe(2);
    expect(store.whole().equals(bytes)).toBe(true);
  },
);

test("fails with the store's reason when it refuses fresh URLs, too, and stops the other parts", async () => {
  const store = await startStore((partNumber, _tries, _request, response) => {
    if (partNumber !== 2) return false;
    response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    return true;
  });
  await expect(upload(store).result).rejects.toMatchObject({
    code: "FORBIDDEN",
    details: { storeCode: "SignatureDoesNotMatch" },
  });
  expect(store.tries.get(2)).toBe(3);
  expect(store.tries.has(21)).toBe(false);
});

test("stops at once when aborted", async () => {
  const aborter = new AbortController();
  const store = await startStore((partNumber) => {
    if (partNumber === 6) aborter.abort();
    return false;
  });
  await expect(upload(store, { signal: aborter.signal }).result).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(store.tries.has(21)).toBe(false);
});

test("does not send parts again that the store has", async () => {
  const store = await startStore();
  const completed = [1, 2, 3].map((partNumber) => ({ partNumber, etag: `"had-${partNumber}"` }));
  const { result, loaded } = upload(store, { completed });
  expect((await result).slice(0, 4).map(({ etag }) => etag)).toEqual([
    '"had-1"',
    '"had-2"',
    '"had-3"',
    '"etag-4"',
  ]);
  expect(store.tries.has(1)).toBe(false);
  expect(loaded.at(-1)).toBe(bytes.length);
});

test("says what to change when CORS hides the ETag", async () => {
  const store = await startStore((_part, _tries, _request, response) => {
    response.end();
    return true;
  });
  await expect(upload(store).result).rejects.toThrow(/ExposeHeaders/);
});

test("signs again when signing fails for a moment", async () => {
  const store = await startStore();
  let failures = 2;
  const sign: Store["sign"] = async (...call) => {
    if (failures-- > 0) throw new TypeError("fetch failed");
    return store.sign(...call);
  };
  await upload({ ...store, sign }).result;
  expect(store.whole().equals(bytes)).toBe(true);
});
