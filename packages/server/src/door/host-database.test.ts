import { PrismaPg } from "@prisma/adapter-pg";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { PrismaClient } from "../generated/prisma/client";
import { fromDrizzle, fromPrisma, upload } from "../index";
import { browserOf, openHostLab } from "../testing/host-lab";

let lab: Awaited<ReturnType<typeof openHostLab>>;
beforeAll(async () => {
  lab = await openHostLab();
  const first = lab.mount({ url: lab.url });
  await first.migrate();
  await lab.makeInvoices();
});
afterAll(() => lab.close());
beforeEach(() => lab.pool.query(`UPDATE "Invoice" SET "pdfId" = NULL, paid = 0`));

const invoice = async (id = "7") =>
  (await lab.pool.query(`SELECT "pdfId", paid FROM "Invoice" WHERE id = $1`, [id])).rows[0];
const terms = { as: "invoice", input: { invoiceId: "7" } };

describe("a pool of the app's", () => {
  test("carries all of Fermata's statements, and those of a rule, and is left open", async () => {
    const asked: string[] = [];
    const theirs = new pg.Pool({
      connectionString: lab.url,
      max: 2,
      application_name: "the app's own",
    });
    const { query } = pg.Client.prototype;
    theirs.on("connect", (client) => {
      client.query = ((...args: Parameters<typeof query>) => {
        const [first] = args as unknown as [string | { text: string }];
        asked.push(typeof first === "string" ? first : first.text);
        return query.apply(client, args);
      }) as typeof query;
    });
    const fermata = lab.mount({ pool: theirs });
    await fermata.migrate();
    const maja = browserOf(fermata);
    const many = await Promise.all(Array.from({ length: 6 }, () => maja.upload()));
    expect(many.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const { body } = await maja.upload(terms);
    expect(await invoice()).toEqual({ pdfId: body.storageId, paid: 1 });
    expect((await maja.query("files.list")).body.result.data.items).toHaveLength(7);
    expect(asked.some((text) => text.includes(`"fermata"."File"`))).toBe(true);
    // Nobody else of ours is connected for statements: only who listens.
    const { rows } = await lab.pool.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'the app''s own'`,
    );
    expect(rows[0].n).toBeGreaterThanOrEqual(1);
    // The session is as the app left it.
    expect((await theirs.query("SHOW search_path")).rows).toEqual([
      { search_path: '"$user", public' },
    ]);
    await fermata.close();
    expect((await theirs.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await theirs.end();
  });

  test("says how busy it is, and which migration its schema has, to an admin and to Prometheus", async () => {
    const theirs = new pg.Pool({ connectionString: lab.url, max: 2 });
    const metricsToken = "a-token-of-Prometheus";
    const identify = () => ({ userId: "ida", name: "Ida", isAdmin: true });
    const fermata = lab.mount({ pool: theirs }, { identify, metricsToken });
    const { status, body } = await browserOf(fermata, "ida").query("operations.health");
    expect(status).toBe(200);
    expect(body.result.data).toMatchObject({
      pool: { size: 2 },
      requests: { slots: 16, refused: 0 },
      versions: { schema: expect.stringMatching(/^\d{14}_/) },
    });
    const answer = await fermata.handler(
      new Request("https://app.example.com/api/fermata/metrics", {
        headers: { authorization: `Bearer ${metricsToken}` },
      }),
    );
    expect(await answer.text()).toMatch(/^fermata_database_up 1$/m);
    await fermata.close();
    await theirs.end();
  });

  test("that ends is named in the answer, and nothing is lost", async () => {
    const theirs = new pg.Pool({ connectionString: lab.url });
    const fermata = lab.mount({ pool: theirs });
    const maja = browserOf(fermata);
    const { body } = await maja.call("files.generateUploadUrl", {});
    await theirs.end();
    for (const { status, body: answer } of [
      await maja.query("files.list"),
      await maja.call("files.generateUploadUrl", {}),
    ]) {
      expect(status).toBe(503);
      expect(answer.error.data).toMatchObject({
        appCode: "UPSTREAM_UNAVAILABLE",
        details: { service: "database", reason: "database.pool was ended" },
      });
    }
    const late = await maja.ask(body.result.data.url, { method: "POST", body: "words" });
    expect(late.status).toBe(503);
    expect((await maja.ask("ready")).status).toBe(503);
  });
});

describe("the app's Prisma client", () => {
  const clients: PrismaClient[] = [];
  const pools: pg.Pool[] = [];
  const clientOn = (adapter: PrismaPg) => {
    const client = new PrismaClient({ adapter });
    clients.push(client);
    return client;
  };
  const pooled = () => {
    const pool = new pg.Pool({ connectionString: lab.url, max: 3 });
    pools.push(pool);
    return new PrismaPg(pool);
  };
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.$disconnect()));
    await Promise.all(pools.map((pool) => pool.end()));
  });

  test.each([
    ["an address", () => new PrismaPg({ connectionString: lab.url })],
    ["a pool", pooled],
  ])(
    "is enough by itself, made with %s; a rule finds itself in its transaction",
    async (_, make) => {
      const prisma = clientOn(make());
      const seen: unknown[] = [];
      const fermata = lab.mount(
        { prisma },
        {
          uploads: {
            invoice: upload({ input: z.object({ invoiceId: z.string() }) }).done(
              async ({ tx, file, input }) => {
                const client = tx.prisma as typeof prisma;
                await client.$executeRaw`UPDATE "Invoice" SET "pdfId" = ${file.storageId}, paid = paid + 1 WHERE id = ${input.invoiceId}`;
                seen.push(
                  (await tx.query<{ paid: number }>(`SELECT paid FROM "Invoice" WHERE id = '7'`))
                    .rows,
                );
                if (input.invoiceId === "8") throw new Error("this invoice is paid already");
              },
            ),
          },
        },
      );
      const maja = browserOf(fermata);
      const { body } = await maja.upload(terms);
      expect(await invoice()).toEqual({ pdfId: body.storageId, paid: 1 });
      expect(seen).toEqual([[{ paid: 1 }]]);
      const refused = await maja.upload({ as: "invoice", input: { invoiceId: "8" } });
      expect(refused.body.error).toMatchObject({
        appCode: "CONFLICT",
        message: "this invoice is paid already",
      });
      expect(await invoice("8")).toEqual({ pdfId: null, paid: 0 });
      const { storageId } = (await maja.upload()).body;
      await prisma.$transaction(async (tx) => {
        await fermata.files.attach(fromPrisma(tx), { storageId, userId: "maja" });
        await tx.$executeRaw`UPDATE "Invoice" SET "pdfId" = ${storageId} WHERE id = '8'`;
      });
      const { result } = (await maja.query("files.getMetadata", { storageId })).body;
      expect(result.data.attachedTo).toEqual({ relation: "Invoice.pdfId", id: "8" });
    },
  );

  test("of another adapter needs an address beside it", () => {
    const prisma = { $transaction: async () => {} } as never;
    expect(() => lab.mount({ prisma })).toThrow(
      expect.objectContaining({ name: "FermataOptionError", option: "database.url" }),
    );
  });
});

test.each([
  ["as it is", undefined],
  ["by its own sql", sql],
])("Drizzle's transaction takes ours, %s", async (_, tag) => {
  const db = drizzle(lab.pool);
  const fermata = lab.mount({ url: lab.url });
  const { storageId } = (await browserOf(fermata).upload()).body;
  await expect(
    db.transaction(async (tx) => {
      const ours = tag ? fromDrizzle(tx, tag) : fromDrizzle(tx);
      await fermata.files.attach(ours, { storageId, userId: "maja" });
      await tx.execute(sql`UPDATE "Invoice" SET "pdfId" = ${storageId} WHERE id = '7'`);
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  expect(await invoice()).toEqual({ pdfId: null, paid: 0 });
  await db.transaction(async (tx) => {
    const ours = tag ? fromDrizzle(tx, tag) : fromDrizzle(tx);
    await fermata.files.attach(ours, { storageId, userId: "maja" });
    await tx.execute(sql`UPDATE "Invoice" SET "pdfId" = ${storageId} WHERE id = '7'`);
  });
  expect(await invoice()).toEqual({ pdfId: storageId, paid: 0 });
});

test("an app whose tables are in another schema says so in its URL, as Prisma's users do", async () => {
  const url = `${lab.url}?schema=billing`;
  const fermata = lab.mount({ url, schema: "fermata_billing" });
  await fermata.migrate();
  await lab.makeInvoices("billing", "fermata_billing");
  expect((await fermata.check()).filter(({ ok }) => !ok)).toEqual([]);
  const maja = browserOf(fermata);
  const { storageId } = (await maja.upload(terms)).body;
  const { rows } = await lab.pool.query(`SELECT "pdfId" FROM billing."Invoice" WHERE id = '7'`);
  expect(rows).toEqual([{ pdfId: storageId }]);
  expect(await invoice()).toEqual({ pdfId: null, paid: 0 });
  await maja.call("files.delete", { storageId });
  expect((await maja.query("files.list")).body.result.data.items).toEqual([]);
});
