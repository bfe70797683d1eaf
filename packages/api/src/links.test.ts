import type { IncomingMessage } from "node:http";
import { limits } from "@fermata/contract";
import type { TRPCClient } from "@trpc/client";
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { afterEach, expect, test } from "vitest";
import { type FermataError, toFermataError } from "./api-error";
import { createLink, type LinkOptions } from "./links";
import { createRpcClient } from "./rpc-client";
import { serve, type TestServer } from "./testing/serve";

let server: TestServer | undefined;
afterEach(() => server?.close());

const t = initTRPC.context<{ bearer: string | null }>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: {
      ...shape.data,
      appCode: error.code === "FORBIDDEN" ? "ROOM_CLOSED" : "INTERNAL",
      requestId: "r-1",
    },
  }),
});
const router = t.router({
  whoami: t.procedure.query(({ ctx }) => ctx.bearer),
  change: t.procedure.mutation(({ ctx }) => ctx.bearer),
  closed: t.procedure.subscription(async function* () {
    yield 1;
    throw new TRPCError({ code: "FORBIDDEN" });
  }),
  count: t.procedure
    .input((value): { lastEventId?: string } => value as { lastEventId?: string })
    .subscription(async function* ({ ctx, input }) {
      const first = Number(input.lastEventId ?? 0) + 1;
      for (let n = first; n < first + 3; n++) yield tracked(String(n), { n, bearer: ctx.bearer });
      await new Promise(() => {});
    }),
});

type Router = typeof router;

/** A real tRPC server that keeps what it was asked, behind an `intercept` that may answer first. */
async function startApi(intercept: (request: IncomingMessage) => number | null = () => null) {
  const requests: IncomingMessage[] = [];
  const handler = createHTTPHandler({
    router,
    basePath: "/api/trpc/",
    createContext: ({ req }) => ({ bearer: req.headers.authorization ?? null }),
  });
  server = await serve((request, response) => {
    requests.push(request);
    const status = intercept(request);
    if (status === null) handler(request, response);
    else response.writeHead(status, { "content-type": "text/html" }).end("<h1>proxy</h1>");
  });
  return { origin: server.origin, requests };
}

function clientOf(origin: string, token?: LinkOptions["token"]) {
  const link = createLink({ baseUrl: `${origin}/api`, token, fetch });
  return createRpcClient(link) as unknown as TRPCClient<Router>;
}

async function failureOf(promise: Promise<unknown>): Promise<FermataError> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => toFermataError(error),
  );
}

test("sends the token as a bearer, and asks for it anew before every request", async () => {
  const { origin } = await startApi();
  let rotation = 0;
  const client = clientOf(origin, async () => `token-${++rotation}`);
  expect(await client.whoami.query()).toBe("Bearer token-1");
  expect(await client.change.mutate()).toBe("Bearer token-2");
  expect(await clientOf(origin, () => null).whoami.query()).toBeNull();
});

test("batches queries of one tick within the server's limit, and sends mutations alone", async () => {
  const { origin, requests } = await startApi();
  const client = clientOf(origin);
  await Promise.all(Array.from({ length: limits.batchCalls + 1 }, () => client.whoami.query()));
  expect(requests).toHaveLength(2);
  await Promise.all([client.change.mutate(), client.change.mutate()]);
  expect(requests).toHaveLength(4);
});

test("goes by the status when a proxy answers with a page", async () => {
  const { origin } = await startApi(() => 502);
  expect(await failureOf(clientOf(origin).whoami.query())).toMatchObject({
    code: "UPSTREAM_UNAVAILABLE",
    httpStatus: 502,
  });
});

test("does not take another server's page for an answer", async () => {
  const { origin } = await startApi(() => 200);
  expect((await failureOf(clientOf(origin).whoami.query())).code).toBe("NETWORK");
});

interface Count {
  n: number;
  bearer: string | null;
}

test("a stream carries the bearer and resumes after the last event when its socket is cut", async () => {
  const { origin, requests } = await startApi();
  const seen: Count[] = [];
  await new Promise<void>((resolve, reject) => {
    const subscription = clientOf(origin, "secret").count.subscribe(
      {},
      {
        onData({ data }) {
          seen.push(data);
          if (seen.length === 3) requests[0]?.socket.destroy();
          if (seen.length < 6) return;
          subscription.unsubscribe();
          resolve();
        },
        onError: reject,
      },
    );
  });
  expect(seen.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(seen.map(({ bearer }) => bearer))).toEqual(new Set(["Bearer secret"]));
}, 15_000);

test("a stream comes back by itself when the server restarts behind a proxy", async () => {
  let refusals = 1;
  const { origin } = await startApi(() => (refusals-- > 0 ? 503 : null));
  const first = await new Promise<Count>((resolve, reject) => {
    const subscription = clientOf(origin).count.subscribe(
      {},
      {
        onData({ data }) {
          subscription.unsubscribe();
          resolve(data);
        },
        onError: reject,
      },
    );
  });
  expect(first.n).toBe(1);
}, 15_000);

test("a stream that ends in a refusal tells its code", async () => {
  const { origin } = await startApi();
  const error = await new Promise((resolve) => {
    clientOf(origin).closed.subscribe(undefined, { onError: resolve });
  });
  expect(toFermataError(error)).toMatchObject({ code: "ROOM_CLOSED", requestId: "r-1" });
});

test.each([
  [401, "UNAUTHENTICATED"],
  [413, "PAYLOAD_TOO_LARGE"],
])(
  "a stream refused with %i at the door fails as %s and is not tried again",
  async (status, code) => {
    const { origin, requests } = await startApi(() => status);
    const error = await new Promise((resolve) => {
      clientOf(origin).count.subscribe({}, { onError: resolve });
    });
    expect(toFermataError(error).code).toBe(code);
    expect(requests).toHaveLength(1);
  },
);
