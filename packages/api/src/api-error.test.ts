import { errorCodes } from "@fermata/contract";
import { createTRPCClient, httpLink } from "@trpc/client";
import { initTRPC, TRPCError } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { afterEach, expect, test } from "vitest";
import { askedToWait, errorOfStatus, FermataError, toFermataError } from "./api-error";
import { serve, type TestServer } from "./testing/serve";

let server: TestServer | undefined;
afterEach(() => server?.close());

const t = initTRPC.create({
  errorFormatter: ({ shape }) => ({
    ...shape,
    message: "The quota is used up.",
    data: {
      ...shape.data,
      appCode: "QUOTA_EXCEEDED",
      details: { limitBytes: 5 },
      requestId: "r-1",
    },
  }),
});
const router = t.router({
  fail: t.procedure.mutation(() => {
    throw new TRPCError({ code: "FORBIDDEN" });
  }),
});

function clientOf(origin: string) {
  return createTRPCClient<typeof router>({ links: [httpLink({ url: origin })] });
}

async function failureOf(promise: Promise<unknown>): Promise<FermataError> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => toFermataError(error),
  );
}

test("reads code, details, status and request id from a tRPC error", async () => {
  const handler = createHTTPHandler({ router });
  server = await serve(handler);
  const error = await failureOf(clientOf(server.origin).fail.mutate());
  expect(error).toBeInstanceOf(FermataError);
  expect(error).toMatchObject({
    code: "QUOTA_EXCEEDED",
    message: "The quota is used up.",
    details: { limitBytes: 5 },
    httpStatus: 403,
    requestId: "r-1",
  });
});

test("reads a refusal of the HTTP layer that a tRPC link received", async () => {
  server = await serve((_, response) => {
    response.writeHead(413, { "content-type": "application/json" });
    const error = { appCode: "PAYLOAD_TOO_LARGE", message: "Too large.", requestId: "r-2" };
    response.end(JSON.stringify({ error }));
  });
  const error = await failureOf(clientOf(server.origin).fail.mutate());
  expect(error).toMatchObject({ code: "PAYLOAD_TOO_LARGE", requestId: "r-2" });
});

test("calls a refused connection NETWORK", async () => {
  server = await serve(() => {});
  const { origin } = server;
  await server.close();
  server = undefined;
  expect((await failureOf(clientOf(origin).fail.mutate())).code).toBe("NETWORK");
  expect((await failureOf(fetch(origin))).code).toBe("NETWORK");
});

test.each(["ECONNREFUSED", "ENOTFOUND", "ConnectionClosed"])(
  "knows a broken network by the code %s, as Bun says it, whatever the words",
  (code) => {
    const error = Object.assign(new TypeError("Unable to connect."), { code });
    expect(toFermataError(error).code).toBe("NETWORK");
  },
);

test("calls an aborted call ABORTED", async () => {
  server = await serve(() => {});
  const aborter = new AbortController();
  const call = clientOf(server.origin).fail.mutate(undefined, { signal: aborter.signal });
  aborter.abort();
  expect((await failureOf(call)).code).toBe("ABORTED");
});

test("takes a code that it does not know for INTERNAL, and keeps the request id", () => {
  const error = toFermataError({
    error: { appCode: "TOO_MODERN", message: "m", requestId: "r-3" },
  });
  expect(error).toMatchObject({ code: "INTERNAL", requestId: "r-3" });
});

test("does not blame the network for a mistake in a program", () => {
  const mistake = new TypeError("Cannot read properties of undefined");
  expect(toFermataError(mistake)).toMatchObject({ code: "INTERNAL", cause: mistake });
});

test("leaves a FermataError as it is", () => {
  const error = new FermataError("ROOM_FULL");
  expect(toFermataError(error)).toBe(error);
});

test.each([400, 401, 403, 404, 409, 412, 413, 415, 429, 500, 503])(
  "has a code of the contract for status %i",
  (status) => {
    expect(errorCodes).toContain(errorOfStatus(status).code);
    expect(errorOfStatus(status).httpStatus).toBe(status);
  },
);

test("reads how long an answer asks to wait, in seconds or until a date", () => {
  expect(askedToWait("7")).toEqual({ details: { retryAfterSeconds: 7 } });
  const { details } = askedToWait(new Date(Date.now() + 30_000).toUTCString());
  expect(details?.retryAfterSeconds).toBeGreaterThan(27);
  expect(details?.retryAfterSeconds).toBeLessThanOrEqual(30);
  expect(askedToWait(new Date(0).toUTCString())).toEqual({ details: { retryAfterSeconds: 0 } });
  for (const nothing of [null, "", "soon"]) expect(askedToWait(nothing)).toEqual({});
});

test.each([
  ["fetch failed", {}],
  ["terminated", { code: "UND_ERR_SOCKET" }],
  ["Body is unusable", { code: "ECONNRESET" }],
  ["Failed to fetch", undefined],
  ["NetworkError when attempting to fetch resource.", undefined],
  ["Error in input stream", undefined],
  ["Load failed", undefined],
  ["The network connection was lost.", undefined],
  ["Network request failed", undefined],
])("calls a TypeError of %j NETWORK", (message, cause) => {
  expect(toFermataError(new TypeError(message, { cause })).code).toBe("NETWORK");
});

test("a mistake of the program is none of the network", () => {
  expect(toFermataError(new TypeError("peers is not iterable")).code).toBe("INTERNAL");
});
