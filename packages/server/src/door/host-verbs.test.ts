import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { cronJobs, type FermataServer, fromPg } from "../index";
import { runJob } from "../testing";
import { browserOf, openHostLab } from "../testing/host-lab";
import { imageOf } from "../testing/sample-images";

let lab: Awaited<ReturnType<typeof openHostLab>>;
let fermata: FermataServer;
let maja: ReturnType<typeof browserOf>;
const ran: unknown[] = [];

const crons = cronJobs();
crons.daily("dunning", { hourUTC: 6 }, ({ job }) => ({ job }));
crons.onDemand("remind", {
  input: z.object({ invoiceId: z.string() }),
  run: ({ attempt }, { invoiceId }) => {
    ran.push({ attempt, invoiceId });
  },
});

beforeAll(async () => {
  lab = await openHostLab();
  fermata = lab.mount({ pool: lab.pool }, { crons });
  await fermata.migrate();
  await lab.makeInvoices();
  maja = browserOf(fermata);
});
afterAll(() => lab.close());

test("a file that a table of the app's owns stays, one that nothing refers to goes a day later", async () => {
  const owned = (await maja.upload({ as: "invoice", input: { invoiceId: "7" } })).body.storageId;
  const kept = (await maja.upload()).body.storageId;
  const loose = (await maja.upload()).body.storageId;
  await fermata.files.keep({ storageId: kept, owner: "order:1" });
  lab.clock.advance(25 * 3600);
  expect(await runJob(fermata, "purge unattached files")).toEqual([{ status: "succeeded" }]);
  const left = (await maja.query("files.list")).body.result.data.items.map(
    ({ storageId }: { storageId: string }) => storageId,
  );
  expect(left).toContain(owned);
  expect(left).toContain(kept);
  expect(left).not.toContain(loose);
  await expect(runJob(fermata, "purge everything")).rejects.toThrow("There are: ");
});

describe("jobs of the app's own", () => {
  const enqueue = async (end: "COMMIT" | "ROLLBACK", input: unknown) => {
    const client = await lab.pool.connect();
    try {
      await client.query("BEGIN");
      const asked = await fermata.jobs.enqueue(fromPg(client), "remind", input);
      await client.query(end);
      return asked;
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
  };

  test("run once for each time that a committed transaction asked for them", async () => {
    await enqueue("COMMIT", { invoiceId: "7" });
    await enqueue("ROLLBACK", { invoiceId: "8" });
    expect(await runJob(fermata, "remind")).toEqual([{ status: "succeeded" }]);
    expect(await runJob(fermata, "remind")).toEqual([]);
    expect(ran).toEqual([{ attempt: 1, invoiceId: "7" }]);
    expect(await runJob(fermata, "dunning")).toEqual([{ status: "succeeded" }]);
  });

  test("are taken back in a transaction, and refused when their input does not fit", async () => {
    const { jobId } = await enqueue("COMMIT", { invoiceId: "8" });
    expect(await fermata.jobs.cancel(fromPg(lab.pool), jobId)).toEqual({ cancelled: true });
    expect(await fermata.jobs.cancel(fromPg(lab.pool), jobId)).toEqual({ cancelled: false });
    expect(await runJob(fermata, "remind")).toEqual([]);
    await expect(enqueue("COMMIT", { invoiceId: 8 })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      details: { issues: [{ path: "input", message: expect.stringContaining("invoiceId") }] },
    });
    await expect(
      fermata.jobs.enqueue(fromPg(lab.pool), "dunning", undefined),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("media, for the app's own jobs", () => {
  test("are stored, read, kept by name, and let go of", async () => {
    const bytes = await imageOf({ format: "jpeg", width: 60, height: 40 });
    const { key } = await fermata.media.store(bytes, {
      ownerId: "maja",
      contentType: "image/jpeg",
      filename: "bow.jpg",
      visibility: "public",
    });
    const found = await fermata.media.get(key);
    expect(found).toMatchObject({
      key,
      ownerId: "maja",
      filename: "bow.jpg",
      visibility: "public",
    });
    expect(Buffer.from(await new Response(found?.body).arrayBuffer()).equals(bytes)).toBe(true);
    expect(await fermata.media.get("nothing")).toBeNull();

    const attach = (userId: string) => fermata.media.attach(fromPg(lab.pool), { key, userId });
    expect(await attach("maja")).toEqual({ key, contentType: "image/jpeg" });
    await expect(attach("tom")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await fermata.media.release(fromPg(lab.pool), { key });

    await fermata.media.keep({ key, owner: "song:1" });
    await fermata.media.keep({ key, owner: "song:1" });
    const refused = await maja.call("storage.delete", { key });
    expect(refused.body.error.data).toMatchObject({
      appCode: "CONFLICT",
      details: { attachedTo: { relation: "kept", id: "song:1" } },
    });
    await fermata.media.letGo({ key, owner: "song:1" });
    await fermata.media.letGo({ key, owner: "song:1" });
    expect((await maja.call("storage.delete", { key })).body.result.data).toEqual({
      deleted: true,
    });
    await expect(fermata.media.keep({ key, owner: "song:1" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("that a row of the app's refers to are not deleted under it, and go with all of their user's", async () => {
    const bytes = await imageOf({ format: "jpeg", width: 60, height: 40 });
    const terms = { contentType: "image/jpeg", filename: "a.jpg" };
    const { key } = await fermata.media.store(bytes, { ...terms, ownerId: "maja" });
    await lab.pool.query(
      `CREATE TABLE song (id int, "mediaKey" text REFERENCES fermata."Media" (key))`,
    );
    await lab.pool.query("INSERT INTO song VALUES (1, $1)", [key]);
    expect((await maja.call("storage.delete", { key })).body.error.data.appCode).toBe("CONFLICT");
    await lab.pool.query("DROP TABLE song");
    const leaving = await fermata.media.store(bytes, { ...terms, ownerId: "leaver" });
    await fermata.media.keep({ ...leaving, owner: "song:2" });
    await fermata.users.delete("leaver");
    expect(await fermata.media.get(leaving.key)).toBeNull();
  });

  test.each([
    ["no bytes", new Uint8Array(), "image/jpeg", "INVALID_INPUT"],
    ["bytes of another type", Buffer.from("<html>"), "image/jpeg", "UNSUPPORTED_MEDIA_TYPE"],
  ])("%s are refused, and count nothing", async (_, bytes, contentType, code) => {
    const usage = async () => (await maja.query("storage.usage")).body.result.data.usedBytes;
    const before = await usage();
    const stored = fermata.media.store(bytes, { ownerId: "maja", contentType, filename: "a" });
    await expect(stored).rejects.toMatchObject({ code });
    expect(await usage()).toBe(before);
  });
});

describe("what the server stands on", () => {
  const ownersOf = async (owner: object) => {
    const other = lab.mount(
      { url: lab.url },
      { owners: [{ table: "Odd", column: "pdfId", whenFileDeleted: "clear", ...owner }] },
    );
    return (await other.check()).find(({ name }) => name.startsWith("owner"));
  };

  test("is looked at, and named with what to do", async () => {
    expect((await fermata.check()).map(({ name, ok }) => [name, ok])).toEqual([
      ["database", true],
      ["migrations", true],
      ["store", true],
      ["owner Invoice.pdfId", true],
    ]);
    await lab.pool.query(
      `CREATE TABLE "Odd" (number int, "pdfId" text NOT NULL, other text REFERENCES fermata."File" (id))`,
    );
    expect(await ownersOf({ table: "Nothing" })).toMatchObject({
      ok: false,
      remedy: expect.stringContaining(`no table "public"."Nothing"`),
    });
    expect(await ownersOf({ column: "nothing" })).toMatchObject({
      remedy: expect.stringContaining(`no column "nothing"`),
    });
    expect(await ownersOf({})).toMatchObject({ remedy: expect.stringContaining("idColumn") });
    const keyed = { idColumn: "number" };
    const missing = await ownersOf(keyed);
    expect(missing).toMatchObject({ name: "owner Odd.pdfId", ok: false, required: false });
    // The remedy is one.
    await lab.pool.query(missing?.remedy ?? "");
    expect(await ownersOf(keyed)).toMatchObject({
      remedy: expect.stringContaining("DROP NOT NULL"),
    });
    expect(await ownersOf({ ...keyed, whenFileDeleted: "deleteRow" })).toMatchObject({ ok: true });
  });

  test("is told by /ready without taking the server out", async () => {
    const other = lab.mount(
      { url: lab.url },
      { owners: [{ table: "Nothing", column: "pdfId", whenFileDeleted: "clear" }] },
    );
    const { status, body } = await browserOf(other).ask("ready");
    expect(status).toBe(200);
    expect(body.checks.at(-1)).toMatchObject({ name: "owner Nothing.pdfId", ok: false });
    // A table that is not there purges nothing.
    const { storageId } = (await browserOf(other, "tom").upload()).body;
    lab.clock.advance(25 * 3600);
    expect(await runJob(other, "purge unattached files")).toMatchObject([{ status: "failed" }]);
    expect(await fermata.files.get(storageId)).not.toBeNull();
  });

  test("refuses a schema that is newer than the code, by name", async () => {
    const other = lab.mount({ url: lab.url, schema: "fermata_newer" });
    await other.migrate();
    await lab.pool.query(
      `INSERT INTO fermata_newer._prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('x', 'x', '29991231000000_later', now())`,
    );
    await expect(other.migrate()).rejects.toMatchObject({
      name: "MigrationError",
      code: "NEWER_DATABASE",
      message: expect.stringContaining("29991231000000_later"),
    });
  });
});

test.each([
  [
    "inngest.client",
    { inngest: { client: { id: "a", send() {}, createFunction(_a: 1, _b: 1, _c: 1) {} } } },
  ],
  ["inngest.client", { inngest: { client: {} } }],
  ["crons", { crons: {} }],
  ["owners[0]", { owners: [{ table: "Invoice", column: "pdfId", whenFileDeleted: "keep" }] }],
  ["database.schema", { database: { url: "postgresql://localhost/a", schema: 'a"b' } }],
  ["database.pool", { database: { pool: { options: {} } } }],
])("an option that does not fit is named: %s", (option, wrong) => {
  expect(() => lab.mount({ url: lab.url }, wrong as never)).toThrow(
    expect.objectContaining({ name: "FermataOptionError", option }),
  );
});
