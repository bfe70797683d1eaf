import { afterAll, beforeAll, expect, test } from "vitest";
import { fromPrisma } from "../../ground/transaction";
import { openFileLab } from "../../testing/file-lab";
import { callerFor, jobContext, wear } from "../../testing/test-context";
import { attachFile } from "./attach-file";
import { keepFile, letGoOfFile } from "./keep-file";
import { purgeUnattached } from "./purge-unattached";

type Lab = Awaited<ReturnType<typeof openFileLab>>;
let lab: Lab;
beforeAll(async () => {
  lab = await openFileLab();
});
afterAll(() => lab.close());

const owner = "invoice:№ 123";
const days = (count: number) => count * 24 * 3600;
const purge = () => purgeUnattached(jobContext(lab.services));
const exists = async (storageId: string) =>
  (await lab.me.files.getMetadata({ storageId })) !== null;

test("a kept file outlives its day, and is purged a day after the last owner let go", async () => {
  const storageId = await lab.upload();
  expect(await lab.me.files.keep({ storageId, owner })).toEqual({ kept: true });
  expect(await lab.me.files.keep({ storageId, owner })).toEqual({ kept: true });
  await keepFile(lab.services, { storageId, owner: "invoice:124", uploaderId: null });

  lab.services.clock.advance(days(3));
  await purge();
  expect(await lab.me.files.getMetadata({ storageId })).toMatchObject({
    attachedTo: { relation: "kept" },
  });

  expect(await lab.me.files.letGo({ storageId, owner })).toEqual({ letGo: true });
  expect(await lab.me.files.letGo({ storageId, owner })).toEqual({ letGo: true });
  lab.services.clock.advance(days(2));
  await purge();
  expect(await exists(storageId)).toBe(true);

  await letGoOfFile(lab.services, { storageId, owner: "invoice:124", uploaderId: null });
  await purge();
  expect(await exists(storageId)).toBe(true);
  lab.services.clock.advance(days(1) + 60);
  await purge();
  expect(await exists(storageId)).toBe(false);
});

test("only the uploader keeps a file, and one that is there", async () => {
  const storageId = await lab.upload();
  const missing = { cause: { code: "NOT_FOUND" } };
  await expect(lab.other.files.keep({ storageId, owner })).rejects.toMatchObject(missing);
  await expect(lab.other.files.letGo({ storageId, owner })).rejects.toMatchObject(missing);
  await expect(lab.me.files.keep({ storageId: "nowhere", owner })).rejects.toMatchObject(missing);
  await expect(lab.me.files.keep({ storageId, owner: "x".repeat(201) })).rejects.toMatchObject({
    code: "BAD_REQUEST",
  });
});

test("its uploader can delete a kept file, and a row can come to own it", async () => {
  const deleted = await lab.upload();
  await lab.me.files.keep({ storageId: deleted, owner });
  expect(await lab.me.files.delete({ storageId: deleted })).toEqual({ deleted: true });

  const storageId = await lab.upload();
  await lab.me.files.keep({ storageId, owner });
  await wear(lab.services, lab.user, storageId);
  expect(await lab.me.files.getMetadata({ storageId })).toMatchObject({
    attachedTo: { relation: "user.avatar", id: lab.user.id },
  });
});

test("a purge beside a keep never takes the file that was kept", async () => {
  for (let round = 0; round < 20; round++) {
    const storageId = await lab.upload();
    lab.services.clock.advance(days(1) + 60);
    const [kept] = await Promise.allSettled([lab.me.files.keep({ storageId, owner }), purge()]);
    expect(await exists(storageId)).toBe(kept.status === "fulfilled");
  }
});

test("columns of an app's own tables own files as the app says", async () => {
  const { services, user } = lab;
  await services.pool.query(`CREATE SCHEMA billing`);
  await services.pool.query(
    `CREATE TABLE billing."Invoice" (number int PRIMARY KEY, "pdfId" text REFERENCES "File" (id), "proofId" text)`,
  );
  services.owners = [
    {
      table: "billing.Invoice",
      column: "pdfId",
      idColumn: "number",
      whenFileDeleted: "refuse",
    },
    { table: "billing.Invoice", column: "proofId", idColumn: "number", whenFileDeleted: "clear" },
  ];
  const me = await callerFor(services, user);
  const [pdf, proof] = [await lab.upload(), await lab.upload()];
  await services.pool.query(`INSERT INTO billing."Invoice" VALUES (7, $1, $2)`, [pdf, proof]);

  services.clock.advance(days(2));
  await purge();
  const attachedTo = { relation: "billing.Invoice.pdfId", id: "7" };
  expect(await me.files.getMetadata({ storageId: pdf })).toMatchObject({ attachedTo });
  expect(await exists(proof)).toBe(true);

  await expect(me.files.delete({ storageId: pdf })).rejects.toMatchObject({
    cause: { code: "CONFLICT", details: { attachedTo } },
  });
  await me.files.delete({ storageId: proof });
  const { rows } = await services.pool.query(`SELECT * FROM billing."Invoice"`);
  expect(rows).toEqual([{ number: 7, pdfId: pdf, proofId: null }]);

  const attached = services.db.$transaction((tx) =>
    attachFile(services, fromPrisma(tx), { storageId: pdf, userId: user.id }),
  );
  await expect(attached).rejects.toMatchObject({ code: "CONFLICT", details: { attachedTo } });
});
