import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@fermata/embedded/testing";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { createFermataServer, type FermataOptionError, fromPg, upload } from "./index";
import { diskStore, s3Store } from "./stores";
import { png } from "./testing/file-lab";

const origin = "https://app.example.com";
const secret = "a secret that only this test knows, long enough";

let dir: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: pg.Pool;
let fermata: ReturnType<typeof mount>;

/** An app's own sign-in: a bearer names its user, and `hangs` and `fails` do what sign-ins do on a bad day. */
function identify(request: Request) {
  const name = /^Bearer user (\w+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (name === "fails") throw new Error("the session store is at db.internal:5432");
  if (name === "hangs") return new Promise<never>(() => {});
  return name ? { userId: `u/${name}`, name, tenantId: "studio", isAdmin: name === "ida" } : null;
}

function mount(url: string) {
  return createFermataServer({
    database: { url },
    secret,
    store: diskStore({ directory: dir }),
    identify,
    quota: ({ tenantId, userId }) => ({
      subject: tenantId ?? userId,
      filesBytes: 20_000_000,
      mediaBytes: 1e9,
    }),
    owners: [{ table: "Invoice", column: "pdfId", whenFileDeleted: "clear" }],
    uploads: {
      invoice: upload({ input: z.object({ invoiceId: z.string() }) })
        .allow(({ who, input }) => {
          if (input.invoiceId === "fails") throw new Error("the ledger is at db.internal:5432");
          return who.tenantId === "studio";
        })
        .done(async ({ tx, file, input }) => {
          await tx.query(`UPDATE "Invoice" SET "pdfId" = $1 WHERE id = $2`, [
            file.storageId,
            input.invoiceId,
          ]);
        }),
    },
    crons: (crons) => {
      crons.daily("dunning", { hourUTC: 6 }, () => ({ reminded: 3 }));
    },
    inngest: { id: "my-app" },
  });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-door-"));
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  // The app's own database, in which nothing of ours is.
  await pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  fermata = mount(database.url);
  // The app has a table of a name that is ours, too, and looks for tables elsewhere than we do.
  await pool.query(`CREATE TABLE "User" (id serial PRIMARY KEY, email text)`);
  await fermata.migrate();
  await pool.query(
    `CREATE TABLE "Invoice" (id text PRIMARY KEY, "pdfId" text REFERENCES fermata."File" (id))`,
  );
  await pool.query(`INSERT INTO "Invoice" VALUES ('7'), ('8')`);
});
afterAll(async () => {
  await fermata.close();
  await pool.end();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

interface Asked {
  as?: string | null;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

function ask(path: string, { as = "maja", method = "GET", body, headers }: Asked = {}) {
  const isJson = body !== undefined && !(body instanceof Uint8Array);
  return fermata.handler(
    new Request(new URL(path, `${origin}/api/fermata/`), {
      method,
      headers: {
        ...(as && { authorization: `Bearer user ${as}` }),
        ...(isJson && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && {
        body: isJson ? JSON.stringify(body) : (body as Uint8Array<ArrayBuffer>),
      }),
    }),
  );
}
// biome-ignore lint/suspicious/noExplicitAny: answers of any procedure
type Answer = any;
const call = async (name: string, input: object, as?: string | null): Promise<Answer> =>
  (
    await ask(`trpc/${name}`, { method: "POST", body: input, ...(as !== undefined && { as }) })
  ).json();
const query = async (name: string, input: object, as?: string): Promise<Answer> =>
  (
    await ask(`trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`, as ? { as } : {})
  ).json();
async function store(terms: object = {}, as = "maja"): Promise<string> {
  const { result } = await call("files.generateUploadUrl", terms, as);
  const answer = await ask(result.data.url, {
    as: null,
    method: "POST",
    body: png(2_000),
    headers: { "content-type": "image/png", "content-length": "2000" },
  });
  return ((await answer.json()) as Answer).storageId;
}

describe("a server in somebody else's app", () => {
  test("keeps its tables in a schema of its own, beside the app's of the same name", async () => {
    const { rows } = await pool.query(
      `SELECT table_schema, count(*)::int AS n FROM information_schema.tables
       WHERE table_name = 'User' OR table_name = 'File' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { table_schema: "fermata", n: expect.any(Number) },
      { table_schema: "public", n: 1 },
    ]);
    expect(await fermata.migrate()).toEqual({ applied: [] });
    expect((await ask("ready")).status).toBe(200);
    expect(await (await ask("health", { as: null })).json()).toEqual({ status: "ok" });
  });

  test("answers below its path alone", async () => {
    const elsewhere = await fermata.handler(new Request(`${origin}/api/trpc/files.list`));
    expect(elsewhere.status).toBe(404);
  });

  test("knows users as the app does, whatever they are called", async () => {
    const anonymous = await call("files.generateUploadUrl", {}, null);
    expect(anonymous.error.data.appCode).toBe("UNAUTHENTICATED");
    const storageId = await store();
    const listed = await query("files.list", {});
    expect(listed.result.data.items).toMatchObject([{ storageId, owner: { id: "u/maja" } }]);
    const url = new URL(listed.result.data.items[0].url);
    expect(url.pathname).toBe(`/api/fermata/files/${storageId}`);
    expect((await ask(url.href, { as: null })).status).toBe(200);
    const others = await query("files.getMetadata", { storageId }, "tom");
    expect(others.result.data).toBeNull();
    const jobs = await query("crons.list", {}, "ida");
    expect(jobs.result.data.items.map(({ name }: { name: string }) => name)).toContain("dunning");
    expect(jobs.result.data.items.map(({ name }: { name: string }) => name)).not.toContain(
      "daily studio digest",
    );
  });

  test("says nothing of a sign-in that fails", async () => {
    const answer = await call("files.generateUploadUrl", {}, "fails");
    expect(answer.error.data.appCode).toBe("INTERNAL");
    expect(JSON.stringify(answer)).not.toContain("db.internal");
  });

  test("waits for a sign-in that hangs for ten seconds, and says what does", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const asked = call("files.generateUploadUrl", {}, "hangs");
      await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
      await vi.advanceTimersByTimeAsync(10_000);
      expect((await asked).error.data).toMatchObject({
        appCode: "UPSTREAM_UNAVAILABLE",
        details: { service: "identify" },
      });
    } finally {
      vi.useRealTimers();
    }
  });

  test("says nothing of a rule that throws before the bytes, and counts nothing", async () => {
    const { usedBytes } = (await query("files.usage", {})).result.data;
    const answer = await call("files.generateUploadUrl", {
      as: "invoice",
      input: { invoiceId: "fails" },
    });
    expect(answer.error.data.appCode).toBe("INTERNAL");
    expect(JSON.stringify(answer)).not.toContain("db.internal");
    expect((await query("files.usage", {})).result.data.usedBytes).toBe(usedBytes);
  });

  test("counts a tenant's bytes together", async () => {
    const before = (await query("files.usage", {}, "tom")).result.data.usedBytes;
    await store({}, "maja");
    expect((await query("files.usage", {}, "tom")).result.data.usedBytes).toBe(before + 2_000);
  });

  test("does the work of a rule in the app's own tables", async () => {
    const storageId = await store({ as: "invoice", input: { invoiceId: "7" } });
    expect((await pool.query(`SELECT "pdfId" FROM "Invoice" WHERE id = '7'`)).rows).toEqual([
      { pdfId: storageId },
    ]);
    const metadata = await query("files.getMetadata", { storageId });
    expect(metadata.result.data.attachedTo).toEqual({ relation: "Invoice.pdfId", id: "7" });
    await call("files.delete", { storageId });
    expect((await pool.query(`SELECT "pdfId" FROM "Invoice" WHERE id = '7'`)).rows).toEqual([
      { pdfId: null },
    ]);
  });

  test("attaches in the app's own transaction, and not at all when it is rolled back", async () => {
    const storageId = await store();
    const client = await pool.connect();
    await client.query("BEGIN");
    const attach = (userId: string) => fermata.files.attach(fromPg(client), { storageId, userId });
    await expect(attach("u/tom")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await attach("u/maja")).toEqual({ storageId, contentType: "image/png" });
    await client.query(`UPDATE "Invoice" SET "pdfId" = $1 WHERE id = '8'`, [storageId]);
    await client.query("COMMIT");
    client.release();
    const metadata = await query("files.getMetadata", { storageId });
    expect(metadata.result.data.attachedTo).toEqual({ relation: "Invoice.pdfId", id: "8" });
  });

  test("stores and gives bytes to the app's own jobs, and deletes all of a user's", async () => {
    const file = await fermata.files.store(png(2_000), { ownerId: "u/leaver", filename: "a.png" });
    const found = await fermata.files.get(file.storageId);
    expect(found).toMatchObject({ ownerId: "u/leaver", filename: "a.png", sizeBytes: 2_000 });
    await found?.body.cancel();
    await fermata.files.keep({ ...file, owner: "invoice:№ 1" });
    await fermata.users.delete("u/leaver");
    expect(await fermata.files.get(file.storageId)).toBeNull();
  });

  test("lends its procedures to a router of the app's own", async () => {
    const t = initTRPC
      .context<{ req: Request }>()
      .create({ errorFormatter: (opts) => fermata.errorFormatter(opts) });
    const router = t.router({
      hello: t.procedure.query(() => "hello"),
      files: fermata.routers.files,
    });
    const ask = async (path: string, as: string | null) => {
      const req = new Request(`${origin}/trpc/${path}`, {
        headers: as ? { authorization: `Bearer user ${as}` } : {},
      });
      const answer = await fetchRequestHandler({
        endpoint: "/trpc",
        req,
        router,
        createContext: () => ({ req }),
      });
      return { status: answer.status, body: (await answer.json()) as Answer };
    };
    expect((await ask("hello", null)).body.result.data).toBe("hello");
    expect((await ask("files.usage", "maja")).body.result.data.quotaBytes).toBe(20_000_000);
    const refused = await ask("files.usage", null);
    expect(refused.status).toBe(401);
    expect(refused.body.error.data).toMatchObject({
      appCode: "UNAUTHENTICATED",
      path: "files.usage",
    });
    const invalid = await ask(`files.getUrl?input=${encodeURIComponent("{}")}`, "maja");
    expect(invalid.body.error.data.appCode).toBe("INVALID_INPUT");
  });

  test("two of them share a database, each in a schema of its own", async () => {
    const second = createFermataServer({
      database: { url: database.url, schema: "fermata_b" },
      secret,
      store: diskStore({ directory: join(dir, "b") }),
      identify,
    });
    await second.migrate();
    const answer = await second.handler(
      new Request(`${origin}/api/fermata/trpc/files.list`, {
        headers: { authorization: "Bearer user maja" },
      }),
    );
    expect(((await answer.json()) as Answer).result.data.items).toEqual([]);
    await second.close();
  });
});

test.each([
  ["secret", { secret: "short" }],
  ["store", { store: undefined }],
  ["identify", { identify: undefined }],
  ["basePath", { basePath: "api" }],
  ["database.url", { database: { url: "mysql://localhost" } }],
  ["database", { database: {} }],
  ["database.pool", { database: { pool: { options: {}, ended: true } } }],
  ["quota", { quota: { filesBytes: 1 } }],
  ["uploads.invoice", { uploads: { invoice: { types: ["application/pdf"] } } }],
  ["owners", { owners: { table: "Invoice" } }],
  ["inngest.id", { inngest: { id: "" } }],
  ["ice", { ice: {} }],
  ["publicOrigin", { publicOrigin: "app.example.com" }],
  ["filesOrigin", { publicOrigin: `${origin}/`, filesOrigin: origin }],
  ["allowedOrigins[1]", { allowedOrigins: [origin, "*"] }],
])("an option that does not fit is named: %s", (option, wrong) => {
  const options = {
    database: { url: "postgresql://localhost/app" },
    secret,
    store: diskStore({ directory: "/nowhere" }),
    identify,
    ...wrong,
  };
  expect(() => createFermataServer(options as never)).toThrow(
    expect.objectContaining({ option } satisfies Partial<FermataOptionError>),
  );
});

test("a store of one bucket, in which what is private could be read, is refused", () => {
  const config = {
    endpoint: "https://s3.example.com",
    region: "auto",
    accessKeyId: "id",
    secretAccessKey: "key",
    publicBucket: "app",
    publicBaseUrl: "https://media.example.com",
  };
  expect(() => s3Store({ ...config, privateBucket: "app" })).toThrow(
    expect.objectContaining({ option: "store" } satisfies Partial<FermataOptionError>),
  );
  expect(() => s3Store({ ...config, privateBucket: "own" })).not.toThrow();
});

test("nothing at all is answered by the first option that is missing", () => {
  expect(() => createFermataServer(undefined as never)).toThrow(
    expect.objectContaining({ option: "database" }),
  );
  expect(() => diskStore({} as never)).toThrow(expect.objectContaining({ option: "store" }));
});
