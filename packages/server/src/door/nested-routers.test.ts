import { randomUUID } from "node:crypto";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type FermataServer, fromPg } from "../index";
import { hostOrigin, openHostLab } from "../testing/host-lab";
import { nestRoutes } from "./nested-routers";
import { partsOf } from "./server-parts";

const addressHeader = "x-real-ip";
const seldom = (burst: number) => ({ perSecond: 0.1, burst });

let lab: Awaited<ReturnType<typeof openHostLab>>;
let fermata: FermataServer;
let identified = 0;

beforeAll(async () => {
  lab = await openHostLab();
  fermata = lab.mount(
    { pool: lab.pool },
    {
      clientAddressHeader: addressHeader,
      rateLimits: {
        "reads.user": seldom(2),
        "reads.network": seldom(6),
        "writes.user": seldom(1),
        "joins.room": seldom(1),
      },
      identify: (request) => {
        identified++;
        const name = request.headers.get("authorization");
        return name ? { userId: name } : null;
      },
    },
  );
  await fermata.migrate();
});
afterAll(() => lab.close());
// What was taken is counted by the database's clock, too, which nobody puts forward: each test comes from elsewhere.
let tests = 0;
beforeEach(() => {
  tests++;
});
const network = () => `203.0.113.${tests}`;
const user = (name: string) => `${name} ${tests}`;

interface Asked {
  as?: string;
  from?: string;
  /** Of a mutation. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** A router of the app's own, in which our procedures stand deeper than they do among ours. */
async function ask(path: string, { as, from = network(), body, headers }: Asked = {}) {
  const t = initTRPC
    .context<{ req: Request; resHeaders: Headers }>()
    .create({ errorFormatter: (opts) => fermata.errorFormatter(opts) });
  const { files, signaling } = fermata.routers;
  const req = new Request(`${hostOrigin}/trpc/${path}`, {
    headers: {
      [addressHeader]: from,
      ...(as && { authorization: user(as) }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  const answer = await fetchRequestHandler({
    endpoint: "/trpc",
    req,
    router: t.router({ own: { files, signaling } }),
    createContext: ({ resHeaders }) => ({ req, resHeaders }),
  });
  return {
    status: answer.status,
    retryAfter: answer.headers.get("retry-after"),
    // biome-ignore lint/suspicious/noExplicitAny: answers of any procedure
    body: (await answer.json()) as any,
  };
}

const usage = "own.files.usage";

describe("procedures in a router of the app's own are counted", () => {
  test("by user, together with those of our own route", async () => {
    expect((await ask(usage, { as: "maja" })).status).toBe(200);
    const own = new Request(`${hostOrigin}/api/fermata/trpc/files.usage`, {
      headers: { authorization: user("maja"), [addressHeader]: network() },
    });
    expect((await fermata.handler(own)).status).toBe(200);
    const refused = await ask(usage, { as: "maja" });
    expect(refused).toMatchObject({
      status: 429,
      retryAfter: "10",
      body: {
        error: {
          data: {
            appCode: "RATE_LIMITED",
            details: { retryAfterSeconds: 10, limit: "reads.user" },
            requestId: expect.stringMatching(/^[\w-]{36}$/),
          },
        },
      },
    });
    expect((await ask(usage, { as: "tom" })).status).toBe(200);
    lab.clock.advance(10);
    expect((await ask(usage, { as: "maja" })).status).toBe(200);
  });

  test("by network", async () => {
    for (const as of ["a", "b", "c", "d", "e", "f"]) {
      expect((await ask(usage, { as, from: `198.51.100.${tests}` })).status).toBe(200);
    }
    const refused = await ask(usage, { as: "g", from: `198.51.100.${tests}` });
    expect(refused.body.error.data.details.limit).toBe("reads.network");
    expect((await ask(usage, { as: "g", from: `192.0.2.${tests}` })).status).toBe(200);
  });

  test("by the room that a seat is asked for in", async () => {
    const join = (roomId: string) =>
      ask("own.signaling.join", { body: { roomId, displayName: "Maja" } });
    const roomId = randomUUID();
    expect((await join(roomId)).status).not.toBe(429);
    const refused = await join(roomId);
    expect(refused.status).toBe(429);
    expect(refused.body.error.data.details.limit).toBe("joins.room");
  });

  test("each of a batch, whose sender is asked for once and whose failures name one request", async () => {
    identified = 0;
    const { body, retryAfter } = await ask(`${usage},${usage},${usage}?batch=1`, { as: "maja" });
    expect(identified).toBe(1);
    expect(body.filter(({ result }: { result?: object }) => result)).toHaveLength(2);
    expect(retryAfter).toBe("10");
    const unknown = await ask(`${usage},own.files.list?batch=1`, {
      headers: { "x-request-id": "0123456789" },
    });
    for (const { error } of unknown.body) {
      expect(error.data).toMatchObject({ appCode: "UNAUTHENTICATED", requestId: "0123456789" });
    }
  });
});

describe("procedures in a router of the app's own", () => {
  test("say nothing of what a stream fails by, once it has begun", async () => {
    const ours = initTRPC.create();
    const broken = ours.procedure.subscription(async function* () {
      yield "begun";
      throw new Error("the ledger is at db.internal:5432");
    });
    const t = initTRPC.create({ errorFormatter: (opts) => fermata.errorFormatter(opts) });
    const req = new Request(`${hostOrigin}/trpc/broken`);
    const answer = await fetchRequestHandler({
      endpoint: "/trpc",
      req,
      router: t.router(nestRoutes({ broken }, partsOf(fermata).hosting)),
      createContext: () => ({ req }),
    });
    const said = await answer.text();
    expect(said).toContain("begun");
    expect(said).toContain(`"appCode":"INTERNAL"`);
    expect(said).not.toContain("db.internal");
  });

  test("answer an input that is none with a code", async () => {
    const refused = await ask("own.signaling.join", { body: null });
    expect(refused.status).toBe(400);
    expect(refused.body.error.data.appCode).toBe("INVALID_INPUT");
  });

  test("refuse a host that no URL can be made of", async () => {
    const refused = await ask(usage, { as: "maja", headers: { host: "a b" } });
    expect(refused.body.error.data).toMatchObject({
      appCode: "INVALID_INPUT",
      details: { reason: "the request's target is malformed" },
    });
  });

  test("wake jobs by what they change", async () => {
    const { jobs } = partsOf(fermata).services;
    const hint = vi.spyOn(jobs, "hint");
    await ask(usage, { as: "maja" });
    expect(hint).not.toHaveBeenCalled();
    await ask("own.files.generateUploadUrl", { as: "maja", body: {} });
    expect(hint).toHaveBeenCalledOnce();
  });

  test("tell the log of what nobody expects, under the request that is named", async () => {
    const { log } = partsOf(fermata).services;
    const logged = vi.spyOn(log, "error");
    await fromPg(lab.pool).query(`ALTER TABLE fermata."File" RENAME TO "Gone"`);
    const failed = await ask(usage, { as: "maja" });
    await fromPg(lab.pool).query(`ALTER TABLE fermata."Gone" RENAME TO "File"`);
    const { requestId, appCode } = failed.body.error.data;
    expect(appCode).toBe("INTERNAL");
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ requestId, path: "files.usage" }),
      expect.any(String),
    );
  });
});
