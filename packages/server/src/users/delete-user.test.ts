import { afterAll, beforeAll, expect, test } from "vitest";
import { keepFile } from "../files/verbs/keep-file";
import { openFileLab } from "../testing/file-lab";
import { callerFor, createTestUser, wear } from "../testing/test-context";
import { deleteUser } from "./delete-user";

type Lab = Awaited<ReturnType<typeof openFileLab>>;
let lab: Lab;
beforeAll(async () => {
  lab = await openFileLab();
});
afterAll(() => lab.close());

const countOf = async (table: string, column: string, value: string) =>
  (
    await lab.services.pool.query(
      `SELECT count(*)::int AS n FROM "${table}" WHERE "${column}" = $1`,
      [value],
    )
  ).rows[0].n;

test("everything of a user's goes, and nothing of anybody else's", async () => {
  const { services, me, other, user } = lab;
  const [avatar, kept, plain] = [await lab.upload(), await lab.upload(), await lab.upload()];
  await wear(services, user, avatar);
  await keepFile(services, { storageId: kept, owner: "invoice:1", uploaderId: null });
  await me.imports.record({ source: "convex", sourceId: "one", storageId: plain });
  await me.storage.getUploadUrl({ filename: "a.jpg", contentType: "image/jpeg", sizeBytes: 10 });
  const { roomId, inviteToken } = await me.signaling.createRoom({});
  const theirs = await other.files.generateUploadUrl();
  const guest = await other.signaling.join({ roomId, inviteToken, displayName: "Ida" });

  await deleteUser(services, user.id);

  for (const [table, column] of [
    ["File", "uploaderId"],
    ["Media", "userId"],
    ["Usage", "userId"],
    ["Room", "ownerId"],
    ["ImportedFile", "userId"],
  ] as const) {
    expect([table, await countOf(table, column, user.id)]).toEqual([table, 0]);
  }
  expect(await countOf("FileKeep", "owner", "invoice:1")).toBe(0);
  const { rows } = await services.pool.query(
    `SELECT count(*)::int AS n FROM "Deletion" WHERE "userId" = $1`,
    [user.id],
  );
  expect(rows[0].n).toBe(3);
  expect(
    (await lab.post(theirs.url, "still theirs", { "content-type": "text/plain" })).status,
  ).toBe(200);
  const asGuest = await callerFor(services, guest.roomToken);
  await expect(asGuest.signaling.peers({ roomId })).rejects.toBeDefined();
  await deleteUser(services, user.id);
});

test("a row that does not let go of a file keeps its user's rows", async () => {
  const { services } = lab;
  const storageId = await lab.upload(undefined, undefined, lab.other);
  const { rows } = await services.pool.query(`SELECT "uploaderId" FROM "File" WHERE "id" = $1`, [
    storageId,
  ]);
  await services.pool.query(`CREATE TABLE "Contract" ("id" text PRIMARY KEY, "scanId" text)`);
  await services.pool.query(`INSERT INTO "Contract" VALUES ('c1', $1)`, [storageId]);
  const owners = [
    ...services.owners,
    { table: "Contract", column: "scanId", whenFileDeleted: "refuse" as const },
  ];
  await expect(deleteUser({ ...services, owners }, rows[0].uploaderId)).rejects.toMatchObject({
    code: "CONFLICT",
    details: { attachedTo: { relation: "Contract.scanId", id: "c1" } },
  });
  expect(await lab.other.files.getMetadata({ storageId })).not.toBeNull();
});

test("a quota that several share counts all of theirs together", async () => {
  const { services } = lab;
  const tenant = {
    ...services,
    quota: () => ({ subject: "tenant:7", filesBytes: 10_000_000, mediaBytes: 0 }),
  };
  const [one, two] = [
    await callerFor(tenant, lab.user),
    await callerFor(tenant, await createTestUser(services)),
  ];
  await one.files.generateUploadUrl({ sizeBytes: 5_000_000 });
  await two.files.generateUploadUrl({ sizeBytes: 5_000_000 });
  expect(await two.files.usage()).toMatchObject({ usedBytes: 10_000_000, quotaBytes: 10_000_000 });
  await expect(one.files.generateUploadUrl({ sizeBytes: 1 })).rejects.toMatchObject({
    cause: { code: "QUOTA_EXCEEDED" },
  });
  await expect(
    one.storage.getUploadUrl({ filename: "a.jpg", contentType: "image/jpeg", sizeBytes: 10 }),
  ).rejects.toMatchObject({ cause: { code: "QUOTA_EXCEEDED" } });
});
