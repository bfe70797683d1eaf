import { afterEach, describe, expect, test, vi } from "vitest";
import { FermataError, toFermataError } from "./api-error";
import { createFermata } from "./create-fermata";
import { readBody, serve, type TestServer } from "./testing/serve";

let server: TestServer | undefined;
afterEach(() => server?.close());

const retry = { maxTries: 2, baseDelayMs: 1, maxDelayMs: 5, stallMs: 5_000 };
const away = "http://127.0.0.1:9";

/** Whatever is asked of the client, and how it fails. */
const asked = {
  query: (fermata: ReturnType<typeof createFermata>) => fermata.trpc.files.list.query(),
  mutation: (fermata: ReturnType<typeof createFermata>) =>
    fermata.trpc.files.delete.mutate({ storageId: "a" }),
  file: (fermata: ReturnType<typeof createFermata>) => fermata.files.upload(new Blob(["Da capo"])),
  media: (fermata: ReturnType<typeof createFermata>) => fermata.media.upload(new Blob(["Da capo"])),
};

const page = (words: string) =>
  `<html><head><title>${words}</title></head><body>${words}</body></html>`;

describe.each(Object.entries(asked))("a %s", (_, ask) => {
  const failure = async (url: string) => {
    const thrown = await ask(createFermata({ url, token: "t", retry })).then(
      () => null,
      (error: unknown) => error,
    );
    const error = toFermataError(thrown);
    expect(error).toBeInstanceOf(FermataError);
    expect(error.message).not.toMatch(/JSON|TRPC|undefined|fetch failed/);
    return error;
  };

  test("to a server that is away fails with NETWORK", async () => {
    expect((await failure(away)).code).toBe("NETWORK");
  });

  test.each([
    ["a network's page for signing in", 200, {}, page("Welcome to the hotel"), "NETWORK"],
    ["a proxy whose server is away", 502, {}, page("502 Bad Gateway"), "UPSTREAM_UNAVAILABLE"],
    ["a server that fails without words", 500, {}, "", "UPSTREAM_UNAVAILABLE"],
    ["half an answer", 200, { "content-type": "application/json" }, '{"result":{"da', "NETWORK"],
    [
      "a proxy that refuses its size",
      413,
      { server: "nginx/1.24" },
      page("413"),
      "PAYLOAD_TOO_LARGE",
    ],
  ])("that meets %s fails with a code", async (_what, status, headers, body, code) => {
    server = await serve((request, response) => {
      request.resume();
      response.writeHead(status, { "content-type": "text/html", ...headers }).end(body);
    });
    const error = await failure(server.origin);
    expect(error.code).toBe(code);
    if (status === 413) {
      expect(error.details).toMatchObject({
        reason: "proxy",
        by: "nginx",
        limitBytes: 1_048_576,
        setting: "client_max_body_size",
      });
    }
  });
});

test("a file gets through a network that answers once with a page of its own, and an answer that breaks off once", async () => {
  const met: string[] = [];
  server = await serve(async (request, response) => {
    const { url = "" } = request;
    await readBody(request);
    const json = (value: unknown) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (url.includes("generateUploadUrl")) {
      const data = {
        url: `${server?.origin}/upload`,
        expiresAt: "2100-01-01",
        storageId: "stored",
      };
      return json([{ result: { data } }]);
    }
    met.push(url);
    if (met.length === 1) return response.end(page("Welcome to the hotel"));
    const body = JSON.stringify({ storageId: "stored" });
    if (met.length > 2) return response.end(body);
    response.writeHead(200, { "content-length": body.length }).write(body.slice(0, 9));
    return setTimeout(() => request.socket.destroy(), 20);
  });
  const fermata = createFermata({
    url: server.origin,
    token: "t",
    retry: { ...retry, maxTries: 4 },
  });
  await expect(asked.file(fermata)).resolves.toEqual({ storageId: "stored" });
  expect(met).toHaveLength(3);
});

test("bytes that a page may read the beginning of alone are told as a file that was changed", async () => {
  server = await serve((_, response) => void response.end());
  const file = new File(["Da capo"], "cloud.txt");
  file.arrayBuffer = () =>
    Promise.reject(new DOMException("The file could not be read.", "NotReadableError"));
  const fermata = createFermata({ url: server.origin, token: "t", retry });
  await expect(fermata.files.upload(file)).rejects.toMatchObject({
    name: "FermataError",
    code: "INVALID_INPUT",
  });
});

describe("a token that has expired", () => {
  /** Takes `fresh` alone. */
  async function startApi() {
    const bearers: (string | undefined)[] = [];
    server = await serve((request, response) => {
      request.resume();
      bearers.push(request.headers.authorization);
      const isTaken = request.headers.authorization === "Bearer fresh";
      const data = { appCode: "UNAUTHENTICATED", httpStatus: 401, code: "UNAUTHORIZED" };
      const one = isTaken
        ? { result: { data: { deleted: true } } }
        : { error: { message: "Sign in first.", code: -32001, data } };
      const isBatch = request.url?.includes("batch=1");
      response
        .writeHead(isTaken ? 200 : 401, { "content-type": "application/json" })
        .end(JSON.stringify(isBatch ? [one] : one));
    });
    return { url: server.origin, bearers };
  }

  test("is asked for again once, as refused, and the call goes on", async () => {
    const { url, bearers } = await startApi();
    let token = "stale";
    const told: boolean[] = [];
    const fermata = createFermata({
      url,
      token: async ({ isRefused }) => {
        told.push(isRefused);
        if (isRefused) token = "fresh";
        return token;
      },
    });
    await expect(asked.mutation(fermata)).resolves.toEqual({ deleted: true });
    await expect(asked.query(fermata)).resolves.toEqual({ deleted: true });
    expect(bearers).toEqual(["Bearer stale", "Bearer fresh", "Bearer fresh"]);
    expect(told).toEqual([false, true, false, false]);
  });

  test("that stays refused fails with UNAUTHENTICATED after two tries, and at once where there is no other", async () => {
    const { url, bearers } = await startApi();
    const code = (token: () => string | null) =>
      asked.query(createFermata({ url, token })).catch((error) => toFermataError(error).code);
    expect(await code(() => "stale")).toBe("UNAUTHENTICATED");
    expect(bearers).toHaveLength(2);
    expect(await code(() => null)).toBe("UNAUTHENTICATED");
    expect(bearers).toHaveLength(3);
  });
});

test("what a laptop had on its way when it fell asleep for an hour goes on: sockets are dead, grants are over", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  let uploads = 0;
  const grants: string[] = [];
  server = await serve((request, response) => {
    request.resume();
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.url?.includes("generateUploadUrl")) {
      const url = `${server?.origin}/upload?grant=${grants.length}`;
      grants.push(url);
      const data = { url, maxBytes: 100, expiresAt: new Date().toISOString(), storageId: "stored" };
      json([{ result: { data } }]);
    } else if (request.url?.includes("abortUpload")) {
      json({ result: { data: { aborted: true } } });
    } else if (++uploads === 1) {
      // Asleep.
      vi.setSystemTime(Date.now() + 3_600_000);
      request.socket.destroy();
    } else if (request.url?.endsWith("grant=0")) {
      const error = {
        appCode: "UPLOAD_EXPIRED",
        message: "The upload URL expired.",
        requestId: "r",
      };
      json({ error }, 410);
    } else json({ storageId: "stored" });
  });
  const fermata = createFermata({ url: server.origin, token: "t", retry });
  await expect(asked.file(fermata)).resolves.toEqual({ storageId: "stored" });
  expect([grants.length, uploads]).toEqual([2, 3]);
  vi.useRealTimers();
});
