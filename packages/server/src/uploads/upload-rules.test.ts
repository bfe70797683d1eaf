import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Services } from "../context";
import { emptyDeletions } from "../outbox/empty-deletions";
import { serveBytesOf } from "../testing/byte-server";
import { appCode, openFileLab, png } from "../testing/file-lab";
import { callerFor, jobContext } from "../testing/test-context";
import { type ArrivedFile, type UploadRules, upload } from "./upload-rule";

type Lab = Awaited<ReturnType<typeof openFileLab>>;
let lab: Lab;

/** How the rule under test ends. */
let outcome: () => Promise<void>;
let arrived: { file: ArrivedFile; input: { invoiceId: string } }[];

const uploads = {
  invoice: upload({
    types: ["application/pdf", "image/*"],
    maxBytes: 300_000,
    input: z.object({ invoiceId: z.string().min(1) }),
  })
    .allow(({ who, input }) => who.userId === lab.user.id && input.invoiceId !== "closed")
    .done(async ({ tx, file, input }) => {
      arrived.push({ file, input });
      await tx.query(`UPDATE "Invoice" SET "pdfId" = $1, paid = paid + 1 WHERE id = $2`, [
        file.storageId,
        input.invoiceId,
      ]);
      await outcome();
    }),
  large: upload({ maxBytes: 8_000_000 }),
} satisfies UploadRules;

let server: Awaited<ReturnType<typeof serveBytesOf>>;
let services: Services;
let me: Awaited<ReturnType<typeof callerFor>>;

beforeAll(async () => {
  lab = await openFileLab();
  services = { ...lab.services, uploads };
  server = await serveBytesOf(services);
  me = await callerFor(services, lab.user);
  await services.pool.query(
    `CREATE TABLE "Invoice" (id text PRIMARY KEY, "pdfId" text REFERENCES "File" (id), paid int NOT NULL DEFAULT 0)`,
  );
});
afterAll(async () => {
  await server.close();
  await lab.close();
});
beforeEach(async () => {
  arrived = [];
  outcome = async () => {};
  await services.pool.query(
    `INSERT INTO "Invoice" VALUES ('7') ON CONFLICT (id) DO UPDATE SET "pdfId" = NULL, paid = 0`,
  );
});

const terms = { as: "invoice", input: { invoiceId: "7" } };
const invoice = async () =>
  (await services.pool.query(`SELECT "pdfId", paid FROM "Invoice" WHERE id = '7'`)).rows[0];
const post = (url: string, body: Uint8Array | string, type = "image/png") =>
  server.request(url, { method: "POST", body, headers: { "content-type": type } });

describe("a rule of the app's own", () => {
  test.each([
    ["a small body", 2_000],
    ["a streamed body", 290_000],
  ])("takes %s, and its work is done with the row", async (_, sizeBytes) => {
    const { url, maxBytes } = await me.files.generateUploadUrl({ ...terms, filename: "7.png" });
    expect(maxBytes).toBe(300_000);
    const { storageId } = JSON.parse((await post(url, png(sizeBytes))).text);
    expect(await invoice()).toEqual({ pdfId: storageId, paid: 1 });
    expect(arrived).toEqual([
      {
        input: { invoiceId: "7" },
        file: {
          storageId,
          filename: "7.png",
          contentType: "image/png",
          sizeBytes,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          uploaderId: lab.user.id,
        },
      },
    ]);
    // An answer that was lost is asked for again: the work is not done twice.
    expect(appCode(await post(url, png(sizeBytes)))).toBe("UPLOAD_ALREADY_USED");
    expect(await invoice()).toEqual({ pdfId: storageId, paid: 1 });
  });

  test("raises the bound of a file", async () => {
    const sizeBytes = 6_000_000;
    const { url } = await me.files.generateUploadUrl({ as: "large", sizeBytes });
    const stored = JSON.parse((await post(url, png(sizeBytes))).text);
    expect(await me.files.getMetadata(stored)).toMatchObject({ sizeBytes });
    await expect(me.files.generateUploadUrl({ sizeBytes })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  test.each([
    ["an unknown name", { as: "nothing" }, "INVALID_INPUT"],
    ["a name that every object has", { as: "constructor" }, "INVALID_INPUT"],
    ["an input that does not fit", { as: "invoice", input: { invoiceId: 7 } }, "INVALID_INPUT"],
    ["no input", { as: "invoice" }, "INVALID_INPUT"],
    ["what the rule does not allow", { ...terms, input: { invoiceId: "closed" } }, "FORBIDDEN"],
    ["another type", { ...terms, contentType: "text/plain" }, "UNSUPPORTED_MEDIA_TYPE"],
    ["too much", { ...terms, sizeBytes: 300_001 }, "PAYLOAD_TOO_LARGE"],
  ])("refuses %s before a byte is sent", async (_, input, code) => {
    const { usedBytes } = await me.files.usage();
    await expect(me.files.generateUploadUrl(input)).rejects.toMatchObject({ cause: { code } });
    expect((await me.files.usage()).usedBytes).toBe(usedBytes);
  });

  test("refuses somebody whom it does not allow", async () => {
    const nobody = await callerFor(services, null);
    await expect(nobody.files.generateUploadUrl(terms)).rejects.toMatchObject({
      cause: { code: "UNAUTHENTICATED" },
    });
    const colleague = await callerFor(
      services,
      await lab.services.db.user.findFirstOrThrow({
        where: { id: { not: lab.user.id } },
      }),
    );
    await expect(colleague.files.generateUploadUrl(terms)).rejects.toMatchObject({
      cause: { code: "FORBIDDEN" },
    });
  });

  test.each([
    ["a small body", 2_000],
    ["a streamed body", 290_000],
  ])("that fails takes everything of %s back, and says why", async (_, sizeBytes) => {
    const before = await me.files.usage();
    outcome = async () => {
      throw new Error("this invoice is paid already");
    };
    const { url } = await me.files.generateUploadUrl(terms);
    const { status, text } = await post(url, png(sizeBytes));
    expect(status).toBe(409);
    expect(JSON.parse(text).error).toMatchObject({
      appCode: "CONFLICT",
      message: "this invoice is paid already",
      details: { rule: "invoice", reason: "this invoice is paid already" },
    });
    expect(await invoice()).toEqual({ pdfId: null, paid: 0 });
    expect(await me.files.usage()).toEqual(before);
    await emptyDeletions(jobContext(services));
    const { rows } = await services.pool.query(`SELECT "objectKey" FROM "File"`);
    expect((await lab.storedKeys()).sort()).toEqual(rows.map((row) => row.objectKey).sort());
  });

  test("keeps a database's own words to itself", async () => {
    outcome = async () => {
      await services.pool.query(`SELECT secret FROM "Nowhere"`);
    };
    const { url } = await me.files.generateUploadUrl(terms);
    const answer = await post(url, png(2_000));
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("Nowhere");
    expect(await invoice()).toEqual({ pdfId: null, paid: 0 });
  });

  test("holds bytes that turn out to be of another type to its types", async () => {
    const { url } = await me.files.generateUploadUrl(terms);
    expect(appCode(await post(url, "plain words", "text/plain"))).toBe("UNSUPPORTED_MEDIA_TYPE");
    expect(arrived).toEqual([]);
    expect(await invoice()).toEqual({ pdfId: null, paid: 0 });
  });

  test("is done once, however many use its URL at once", async () => {
    outcome = () => new Promise((resolve) => setTimeout(resolve, 50));
    const { url } = await me.files.generateUploadUrl(terms);
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(url, png(290_000))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await invoice()).paid).toBe(1);
  });
});
