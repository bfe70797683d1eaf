import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FermataServer } from "../index";
import { browserOf, hostOrigin, openHostLab } from "../testing/host-lab";

const mib = 1024 * 1024;
const bytes = randomBytes(5 * mib);
const partSizeBytes = 4 * mib;
const first = bytes.subarray(0, partSizeBytes);
const rest = bytes.subarray(partSizeBytes);

let lab: Awaited<ReturnType<typeof openHostLab>>;
let fermata: FermataServer;
let maja: ReturnType<typeof browserOf>;
beforeAll(async () => {
  lab = await openHostLab();
  fermata = lab.mount({ pool: lab.pool });
  await fermata.migrate();
  maja = browserOf(fermata);
});
afterAll(() => lab.close());

let openings = 0;
const newOpening = () => `opening-number-${++openings}-of-this-test`;

async function open(opening: string) {
  const { body } = await maja.call("storage.createMultipartUpload", {
    ...{ filename: "a", contentType: "application/octet-stream", sizeBytes: bytes.length },
    ...{ partSizeBytes, signFirst: 2, opening },
  });
  return body.error ?? body.result.data;
}

function send(
  path: string,
  body: Uint8Array,
  headers: Record<string, string>,
  signal?: AbortSignal,
) {
  return fermata.handler(
    new Request(new URL(path, `${hostOrigin}/api/fermata/`), {
      ...{ method: "POST", body: new Uint8Array(body), headers, ...(signal && { signal }) },
    }),
  );
}
const post = (opening: string, { as = "maja", body = first as Uint8Array } = {}) =>
  send(`media/part?opening=${opening}`, body, {
    ...(as && { authorization: `Bearer ${as}` }),
    ...{ "content-length": String(body.byteLength), "want-digest": "sha-256" },
  });
const codeOf = async (answer: Response) =>
  ((await answer.json()) as { error: { appCode: string } }).error.appCode;

test("comes while its upload is opened, or right after, and is the first of its parts", async () => {
  for (const isLater of [false, true]) {
    const opening = newOpening();
    const sending = isLater ? open(opening).then((one) => [one, post(opening)] as const) : null;
    const [upload, sent] = (await sending) ?? [await open(opening), post(opening)];
    const answer = await sent;
    const etag = `"${createHash("sha256").update(first).digest("hex")}"`;
    expect([answer.status, answer.headers.get("etag")]).toEqual([200, etag]);
    const { body } = await maja.query("storage.listParts", { key: upload.key });
    expect(body.result.data.parts).toMatchObject([
      { partNumber: 1, sizeBytes: partSizeBytes, etag },
    ]);

    const last = await fermata.handler(
      new Request(upload.urls[1].url, {
        method: "PUT",
        headers: { "content-length": String(rest.length), "upload-complete": "?1" },
        body: new Uint8Array(rest),
      }),
    );
    expect(await last.json()).toMatchObject({
      key: upload.key,
      status: "ready",
      sizeBytes: bytes.length,
    });
  }
});

test("that came before its upload was opened is not read until then", async () => {
  const opening = newOpening();
  const sent = post(opening);
  const upload = await open(opening);
  expect((await sent).status).toBe(200);
  const { body } = await maja.query("storage.listParts", { key: upload.key });
  expect(body.result.data.parts).toHaveLength(1);
});

test("is refused to others, without a name, in another size, and where nothing is opened", async () => {
  const opening = newOpening();
  const others = post(opening, { as: "ines" });
  const nobodys = post(newOpening());
  await open(opening);
  expect(await codeOf(await post(opening, { as: "" }))).toBe("UNAUTHENTICATED");
  expect(await codeOf(await post(""))).toBe("INVALID_INPUT");
  expect(await codeOf(await post(opening, { body: rest }))).toBe("FORBIDDEN");
  for (const answer of [await others, await nobodys])
    expect([answer.status, await codeOf(answer)]).toEqual([404, "NOT_FOUND"]);
});

test("is waited for by nobody whose request can never be one", async () => {
  const begunAtMs = performance.now();
  expect(await codeOf(await post("too-short"))).toBe("INVALID_INPUT");
  const bare = send(`media/part?opening=${newOpening()}`, first, { authorization: "Bearer maja" });
  expect(await codeOf(await bare)).toBe("INVALID_INPUT");
  // By one name, or by one each.
  const name = newOpening();
  const many = Array.from({ length: 20 }, (_, n) =>
    post(n % 2 ? name : newOpening(), { as: "ines" }),
  );
  const codes = await Promise.all(many.slice(16).map(async (one) => codeOf(await one)));
  expect(codes).toEqual(Array(4).fill("RATE_LIMITED"));
  expect(performance.now() - begunAtMs).toBeLessThan(3_000);
  // Others are not held up by it.
  const opening = newOpening();
  const [sent] = await Promise.all([post(opening), open(opening)]);
  expect(sent.status).toBe(200);
  await Promise.all(many);
});

test("that comes twice by one name is taken both times, and told at once", async () => {
  const opening = newOpening();
  const begunAtMs = performance.now();
  const sent = [post(opening), post(opening)];
  await open(opening);
  for (const { status } of await Promise.all(sent)) expect(status).toBe(200);
  expect(performance.now() - begunAtMs).toBeLessThan(2_000);
});

test("a name opens one upload", async () => {
  const opening = newOpening();
  await open(opening);
  expect((await open(opening)).data).toMatchObject({ appCode: "CONFLICT" });
});

test("whoever went away is not waited for", async () => {
  const gone = new AbortController();
  const asked = send(
    `media/part?opening=${newOpening()}`,
    first,
    { authorization: "Bearer maja", "content-length": String(first.length) },
    gone.signal,
  );
  const begunAtMs = performance.now();
  gone.abort();
  expect((await asked).status).toBe(404);
  expect(performance.now() - begunAtMs).toBeLessThan(2_000);
});
