import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { defaultFetch } from "./default-fetch";
import type { CompletedPart, PartToSign, SignedPart } from "./part-urls";
import { createPauseControl, type PauseControl } from "./pause-control";
import { type Part, planParts } from "./plan-parts";
import type { PartCounts } from "./progress-meter";
import { readBody, serve, type TestServer } from "./testing/serve";
import { Parallelism } from "./upload-parallelism";
import { uploadParts } from "./upload-parts";

let server: TestServer | undefined;
afterEach(() => server?.close());

const retry = { maxTries: 5, baseDelayMs: 1, maxDelayMs: 5, stallMs: 5_000 };
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
  let wrongChecksums = 0;
  server = await serve(async (request, response) => {
    urls.push(request.url ?? "");
    const partNumber = Number(/\d+/.exec(request.url ?? "")?.[0]);
    const count = (tries.get(partNumber) ?? 0) + 1;
    tries.set(partNumber, count);
    if (fault(partNumber, count, request, response)) return;
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    const body = await readBody(request);
    const { digest, "content-md5": md5 } = request.headers;
    const checksum = (algorithm: string) => createHash(algorithm).update(body).digest("base64");
    const isRight = digest ? digest === `sha-256=${checksum("sha256")}` : md5 === checksum("md5");
    if (!isRight) wrongChecksums++;
    await new Promise((resolve) => setTimeout(resolve, 5));
    parts.set(partNumber, body);
    inFlight--;
    response.setHeader("etag", `"etag-${partNumber}"`).end();
  });
  const signCalls: { parts: PartToSign[]; uploaded: CompletedPart[] }[] = [];
  const { origin } = server;
  return {
    parts,
    tries,
    urls,
    signCalls,
    mostInFlight: () => mostInFlight,
    wrongChecksums: () => wrongChecksums,
    origin,
    whole: () => Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part)),
    async sign(toSign: PartToSign[], uploaded: CompletedPart[]) {
      signCalls.push({ parts: toSign, uploaded });
      const signature = signCalls.length;
      return {
        urls: toSign.map(({ partNumber, md5, sha256 = "" }) => ({
          partNumber,
          url: `${origin}/part/${partNumber}?signature=${signature}`,
          headers: headersOf(md5, sha256),
        })),
      };
    },
  };
}

function headersOf(md5: string | undefined, sha256: string): Record<string, string> {
  if (md5) return { "content-md5": md5 };
  return { digest: `sha-256=${Buffer.from(sha256, "hex").toString("base64")}` };
}

type Store = Awaited<ReturnType<typeof startStore>>;

interface Extra {
  firstUrls?: SignedPart[];
  fetch?: typeof fetch;
  signal?: AbortSignal;
  completed?: CompletedPart[];
  pause?: PauseControl;
  checksum?: "md5" | "sha256";
  reports?: boolean;
  etagIsMd5?: boolean;
  workers?: number;
  parts?: Part[];
  file?: Blob;
  completesWithLast?: boolean;
  parallelism?: Parallelism;
  onComplete?(media: unknown): void;
}

function upload(store: Store, extra: Extra = {}) {
  const loaded: number[] = [];
  const counts: PartCounts[] = [];
  const result = uploadParts({
    file: new Blob([bytes]),
    parts: planParts(bytes.length, 50),
    sign: store.sign,
    parallelism: new Parallelism({ start: 4, most: 4 }),
    workers: 6,
    checksum: "md5",
    reports: true,
    fetch,
    retry,
    onProgress(loadedBytes, partCounts) {
      loaded.push(loadedBytes);
      counts.push(partCounts);
    },
    ...extra,
  });
  return { result, loaded, counts };
}

test.each([
  ["the caller's fetch", fetch],
  ["Node", defaultFetch],
])(
  "by %s, delivers every byte, four parts at a time, and answers with the ETags in order",
  async (_, fetch) => {
    const store = await startStore();
    const { result, loaded } = upload(store, { fetch });
    expect(await result).toEqual(
      Array.from({ length: 21 }, (_, index) => ({
        partNumber: index + 1,
        etag: `"etag-${index + 1}"`,
        md5: createHash("md5")
          .update(bytes.subarray(index * 50, (index + 1) * 50))
          .digest("base64"),
        isCompared: true,
      })),
    );
    expect(store.whole().equals(bytes)).toBe(true);
    expect(store.mostInFlight()).toBeLessThanOrEqual(4);
    expect(store.mostInFlight()).toBeGreaterThan(1);
    expect(store.wrongChecksums()).toBe(0);
    expect(loaded.at(-1)).toBe(bytes.length);
  },
);

const sha256Of = (body: Uint8Array) => createHash("sha256").update(body).digest("hex");
const firstUrls = (origin: string, count = 4) =>
  Array.from({ length: count }, (_, index) => ({
    partNumber: index + 1,
    url: `${origin}/part/${index + 1}?first`,
    headers: {},
  }));

/** Answers as our own store does where a SHA-256 is wanted. */
const named =
  (nameOf: (partNumber: number, body: Buffer) => string): Fault =>
  (partNumber, _, request, response) => {
    if (request.headers["want-digest"] !== "sha-256") return false;
    void readBody(request).then((body) =>
      response.setHeader("etag", `"${nameOf(partNumber, body)}"`).end(),
    );
    return true;
  };

test("sends the first parts unhashed, and those behind them with their checksums, by URLs that came first", async () => {
  const store = await startStore(named((_, body) => sha256Of(body)));
  const { result } = upload(store, { firstUrls: firstUrls(store.origin, 16), checksum: "sha256" });
  const sent = await result;
  expect(store.urls.filter((url) => url.endsWith("?first"))).toHaveLength(16);
  const signed = store.signCalls.flatMap(({ parts }) => parts).map((part) => part.partNumber);
  expect(signed.sort((a, b) => a - b)).toEqual([17, 18, 19, 20, 21]);
  expect(sent.map(({ sha256 }) => sha256)).toEqual(
    planParts(bytes.length, 50).map(({ startByte, endByte }) =>
      sha256Of(bytes.subarray(startByte, endByte)),
    ),
  );
  expect(store.wrongChecksums()).toBe(0);
});

test("has a part compared by the store where its ETag is another", async () => {
  const store = await startStore(
    named((partNumber, body) => (partNumber === 2 ? sha256Of(body.subarray(1)) : sha256Of(body))),
  );
  const { result } = upload(store, { firstUrls: firstUrls(store.origin), checksum: "sha256" });
  expect((await result)[1]).toMatchObject({ etag: '"etag-2"' });
  expect(store.tries.get(1)).toBe(1);
  expect(store.tries.get(2)).toBe(2);
  expect(store.wrongChecksums()).toBe(0);
});

test("an MD5 goes with the bytes, too, by a URL that came first", async () => {
  const store = await startStore();
  await upload(store, { firstUrls: firstUrls(store.origin) }).result;
  expect(store.urls.filter((url) => url.endsWith("?first"))).toHaveLength(4);
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.wrongChecksums()).toBe(0);
});

test("the last parts say so, and whichever arrives last brings what has become of the upload", async () => {
  const said = new Map<number, unknown>();
  const store = await startStore((partNumber, _, request, response) => {
    said.set(partNumber, request.headers["upload-complete"]);
    if (partNumber !== 21) return false;
    const answer = JSON.stringify({ key: "the row" });
    void readBody(request).then(() => response.setHeader("etag", '"etag-21"').end(answer));
    return true;
  });
  const completed: unknown[] = [];
  const { result } = upload(store, {
    completesWithLast: true,
    onComplete: (media) => completed.push(media),
  });
  await result;
  const last = [...said].filter(([, word]) => word === "?1").map(([partNumber]) => partNumber);
  expect(last.sort((a, b) => a - b)).toEqual([16, 17, 18, 19, 20, 21]);
  expect(completed).toEqual([{ key: "the row" }]);
});

test("a part that the store knows no more may be one of those that ended the upload: its completion says so", async () => {
  const store = await startStore((partNumber, tries, request, response) => {
    if (partNumber < 20 || tries > 2) return false;
    void readBody(request).then(() => {
      // The answer is lost, and by then the upload is over.
      if (tries === 1) request.socket.destroy();
      else response.writeHead(404).end();
    });
    return true;
  });
  const completed: unknown[] = [];
  const sent = await upload(store, {
    completesWithLast: true,
    onComplete: (media) => completed.push(media),
  }).result;
  const md5 = createHash("md5").update(bytes.subarray(1000)).digest("hex");
  expect(sent.at(-1)).toMatchObject({ partNumber: 21, etag: `"${md5}"` });
  expect([sent.length, store.tries.get(21), completed]).toEqual([21, 2, []]);
});

test("why an upload may not become media is what its last part is answered with, and nothing is sent again", async () => {
  const store = await startStore((partNumber, _, request, response) => {
    if (partNumber !== 21) return false;
    const message = "Only films of your own class.";
    const error = { appCode: "CONFLICT", message, details: { rule: "homework" }, requestId: "r" };
    const answer = JSON.stringify({ error });
    void readBody(request).then(() =>
      setTimeout(() => response.writeHead(409, { etag: '"etag-21"' }).end(answer), 50),
    );
    return true;
  });
  await expect(upload(store, { completesWithLast: true }).result).rejects.toMatchObject({
    code: "CONFLICT",
    message: "Only films of your own class.",
    details: { rule: "homework" },
  });
  expect(store.tries.get(21)).toBe(1);
});

test("a part that waited for its turn is the last, too, though it was ready before the first ones were compared", async () => {
  const said: unknown[] = [];
  const store = await startStore((partNumber, tries, request, response) => {
    if (partNumber > 4) said.push(request.headers["upload-complete"]);
    return named((_, body) => sha256Of(body))(partNumber, tries, request, response);
  });
  await upload(store, {
    parts: planParts(300, 50),
    file: new Blob([bytes.subarray(0, 300)]),
    firstUrls: firstUrls(store.origin, 6),
    completesWithLast: true,
    checksum: "sha256",
    parallelism: new Parallelism({ start: 1, most: 1 }),
  }).result;
  expect(said.at(-1)).toBe("?1");
});

test("no part is the last while one that left unhashed is not compared, nor while others may have changed", async () => {
  const said: unknown[] = [];
  const store = await startStore((partNumber, tries, request, response) => {
    said.push(request.headers["upload-complete"]);
    return named((_, body) => sha256Of(body))(partNumber, tries, request, response);
  });
  const parts = planParts(200, 50);
  const few = { parts, completesWithLast: true, checksum: "sha256" as const };
  const four = firstUrls(store.origin);
  await upload(store, { ...few, file: new Blob([bytes.subarray(0, 200)]), firstUrls: four }).result;
  const etag = '"etag-1"';
  const found = { partNumber: 1, etag, sha256: sha256Of(bytes.subarray(0, 50)) };
  await upload(store, { completesWithLast: true, checksum: "sha256", completed: [found] }).result;
  expect(said).toHaveLength(4 + 20);
  expect(new Set(said)).toEqual(new Set([undefined]));
});

test("signs each part once, and reports with the next call what the store has", async () => {
  const store = await startStore();
  await upload(store).result;
  const everyPart = Array.from({ length: 21 }, (_, index) => index + 1);
  const signed = store.signCalls.flatMap((call) => call.parts.map((part) => part.partNumber));
  expect(signed.sort((a, b) => a - b)).toEqual(everyPart);
  const reported = store.signCalls.flatMap((call) => call.uploaded.map((part) => part.partNumber));
  expect(reported.length).toBeGreaterThan(8);
  expect(new Set(reported).size).toBe(reported.length);
});

test("an upload that fails reports the parts that the store has", async () => {
  const store = await startStore((partNumber, _, __, response) => {
    if (partNumber !== 21) return false;
    // By then the sender has heard of those before it.
    setTimeout(() => response.writeHead(403).end(), 200);
    return true;
  });
  await expect(upload(store).result).rejects.toMatchObject({ code: "FORBIDDEN" });
  const reported = () =>
    store.signCalls.flatMap((call) => call.uploaded.map((part) => part.partNumber));
  const stored = [...store.parts.keys()].sort((a, b) => a - b);
  await expect.poll(() => reported().sort((a, b) => a - b)).toEqual(stored);
});

/** Answers as S3 does to a part that was signed without a checksum. */
const tellingMd5 =
  (nameOf: (partNumber: number, body: Buffer) => string): Fault =>
  (partNumber, _, request, response) => {
    if (request.headers["content-md5"]) return false;
    void readBody(request).then((body) =>
      response.setHeader("etag", `"${nameOf(partNumber, body)}"`).end(),
    );
    return true;
  };
const md5Of = (body: Uint8Array) => createHash("md5").update(body).digest("hex");

test.each([
  ["the caller's fetch", fetch],
  ["Node", defaultFetch],
])("by %s, leaves unhashed where the ETag tells what arrived", async (_, fetch) => {
  const store = await startStore(tellingMd5((_, body) => md5Of(body)));
  const first = { firstUrls: firstUrls(store.origin, 16), etagIsMd5: true };
  const sent = await upload(store, { ...first, fetch }).result;
  expect(store.urls.filter((url) => url.endsWith("?first"))).toHaveLength(16);
  const signed = store.signCalls.flatMap(({ parts }) => parts).map((part) => part.partNumber);
  expect(signed.sort((a, b) => a - b)).toEqual([17, 18, 19, 20, 21]);
  expect(sent.slice(0, 16).map(({ etag }) => etag)).toEqual(
    planParts(bytes.length, 50)
      .slice(0, 16)
      .map(({ startByte, endByte }) => `"${md5Of(bytes.subarray(startByte, endByte))}"`),
  );
  expect(sent.map(({ md5 }) => md5 !== undefined)).toEqual(sent.map(() => true));
  expect(sent.map(({ isCompared }) => isCompared)).toEqual(sent.map(() => true));
  expect(store.whole().equals(bytes.subarray(800))).toBe(true);
});

test("a part whose ETag is another MD5 is sent with its own, and those behind it are hashed before they leave", async () => {
  const store = await startStore(
    tellingMd5((partNumber, body) => md5Of(partNumber === 1 ? body.subarray(1) : body)),
  );
  const sent = await upload(store, {
    firstUrls: firstUrls(store.origin, 16),
    etagIsMd5: true,
    parallelism: new Parallelism({ start: 1, most: 1 }),
    workers: 1,
  }).result;
  expect(store.urls.filter((url) => url.endsWith("?first"))).toEqual(["/part/1?first"]);
  expect(store.whole().equals(bytes)).toBe(true);
  expect(store.wrongChecksums()).toBe(0);
  expect(sent.every(({ isCompared }) => isCompared)).toBe(true);
});

test("where a store takes no part without a checksum, few are sent in vain", async () => {
  const store = await startStore((_, __, request, response) => {
    if (request.headers["content-md5"]) return false;
    void readBody(request).then(() =>
      response.writeHead(400).end("<Error><Code>InvalidRequest</Code></Error>"),
    );
    return true;
  });
  const sent = await upload(store, {
    firstUrls: firstUrls(store.origin, 16),
    etagIsMd5: true,
    parallelism: new Parallelism({ start: 1, most: 1 }),
    workers: 2,
  }).result;
  expect(store.urls.filter((url) => url.endsWith("?first")).length).toBeLessThan(4);
  expect(store.whole().equals(bytes)).toBe(true);
  expect(sent.every(({ isCompared }) => isCompared)).toBe(true);
});

test("a part whose ETag is no MD5 is there, and compared by nobody", async () => {
  const store = await startStore(tellingMd5((partNumber) => `opaque-${partNumber}`));
  const sent = await upload(store, { firstUrls: firstUrls(store.origin), etagIsMd5: true }).result;
  expect(sent.map(({ isCompared }) => isCompared)).toEqual(sent.map((_, index) => index >= 4));
  expect(sent.map(({ md5 }) => md5 !== undefined)).toEqual(sent.map(() => true));
  expect([...store.tries.values()].every((tries) => tries === 1)).toBe(true);
  const reported = store.signCalls.flatMap(({ uploaded }) => uploaded);
  for (const part of reported) expect(part).not.toHaveProperty("isCompared");
});

test("counts the parts that fly and those that the store has", async () => {
  const store = await startStore((partNumber, tries, _, response) => {
    if (partNumber !== 3 || tries > 1) return false;
    response.writeHead(503).end();
    return true;
  });
  const completed = [{ partNumber: 1, etag: '"etag-1"' }];
  const { result, counts } = upload(store, { completed });
  await result;
  expect(counts[0]).toEqual({ all: 21, stored: 1, flying: 0 });
  expect(counts.at(-1)).toEqual({ all: 21, stored: 21, flying: 0 });
  expect(Math.max(...counts.map(({ flying }) => flying))).toBeGreaterThan(1);
  for (const { all, stored, flying } of counts) expect(stored + flying).toBeLessThanOrEqual(all);
  const stored = counts.map((count) => count.stored);
  expect(stored).toEqual(stored.toSorted((a, b) => a - b));
});

test("signs four parts in a call", async () => {
  const store = await startStore();
  await upload(store, { reports: false }).result;
  const sizes = store.signCalls.map((call) => call.parts.length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(21);
  expect(sizes.length).toBeLessThanOrEqual(6);
});

test.each([
  ["the caller's fetch", fetch],
  ["Node", defaultFetch],
])(
  "by %s, sends SHA-256s to a store that takes them, and tells no reports where none are wanted",
  async (_, fetch) => {
    const store = await startStore();
    const { result } = upload(store, { fetch, checksum: "sha256", reports: false });
    const hex = createHash("sha256").update(bytes.subarray(0, 50)).digest("hex");
    expect((await result)[0]).toMatchObject({ etag: '"etag-1"', sha256: hex });
    expect(store.wrongChecksums()).toBe(0);
    expect(store.whole().equals(bytes)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(store.signCalls.flatMap((call) => call.uploaded)).toEqual([]);
  },
);

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

test.each([
  ["md5", "base64"],
  ["sha256", "hex"],
] as const)(
  "sends parts again whose bytes are no longer the file's, by their %s",
  async (kind, encoding) => {
    const store = await startStore();
    const checksum = createHash(kind).update(bytes.subarray(0, 50)).digest(encoding);
    const completed = [1, 2].map((partNumber) => ({ partNumber, etag: "had", [kind]: checksum }));
    const { result, loaded } = upload(store, { completed });
    const etags = (await result).map(({ etag }) => etag);
    expect(etags.slice(0, 3)).toEqual(["had", '"etag-2"', '"etag-3"']);
    expect(store.tries.has(1)).toBe(false);
    expect(loaded.at(-1)).toBe(bytes.length);
  },
);

test("a pause cuts what is on its way, and what follows sends no finished part again", async () => {
  const pause = createPauseControl();
  const store = await startStore((partNumber, tries) => {
    if (partNumber === 8 && tries === 1) pause.pause();
    return false;
  });
  const { result } = upload(store, { pause });
  await expect.poll(() => pause.getSnapshot()).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const urlsWhilePaused = store.urls.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(store.urls.length).toBe(urlsWhilePaused);
  pause.resume();
  await result;
  expect(store.whole().equals(bytes)).toBe(true);
  const sentTwice = [...store.tries.values()].filter((tries) => tries > 1).length;
  expect(sentTwice).toBeLessThanOrEqual(4);
});

test("an abort during a pause is obeyed", async () => {
  const pause = createPauseControl();
  pause.pause();
  const aborter = new AbortController();
  const store = await startStore();
  const { result } = upload(store, { pause, signal: aborter.signal });
  aborter.abort();
  await expect(result).rejects.toMatchObject({ code: "ABORTED" });
  expect(store.urls).toEqual([]);
});

test("gives a part up on which nothing moves, and sends it again", async () => {
  const store = await startStore((partNumber, tries) => partNumber === 3 && tries === 1);
  const file = new Blob([bytes]);
  const hasty = { ...retry, stallMs: 100 };
  await uploadParts({
    file,
    parts: planParts(bytes.length, 50),
    sign: store.sign,
    parallelism: new Parallelism(),
    workers: 6,
    checksum: "md5",
    reports: true,
    fetch,
    retry: hasty,
  });
  expect(store.tries.get(3)).toBe(2);
  expect(store.whole().equals(bytes)).toBe(true);
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
