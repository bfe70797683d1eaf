import { afterAll, expect, test } from "vitest";
import { purgeExpiredGrants } from "../files/verbs/purge-expired-grants";
import { purgeUnattached } from "../files/verbs/purge-unattached";
import { AppError } from "../ground/errors";
import { openFileLab, png } from "../testing/file-lab";
import { imageOf } from "../testing/sample-images";
import { callerFor, createTestUser, jobContext } from "../testing/test-context";
import { awaitDeletion } from "./await-deletion";
import { emptyDeletions } from "./empty-deletions";

const lab = await openFileLab();
const { services, server, me, other, upload, storedKeys } = lab;
afterAll(() => lab.close());

/** The store as it is while it cannot delete. */
const away = {
  ...services,
  objects: {
    ...services.objects,
    delete: async () => {
      throw new AppError("UPSTREAM_UNAVAILABLE");
    },
  },
};

test("a deletion has a receipt: asked for at once, and done when the store says so", async () => {
  const owner = await createTestUser(services);
  const them = await callerFor(away, owner);
  const storageId = await upload(png(1234), "image/png", them);
  const keys = await storedKeys();
  const before = services.clock.now();
  expect(await them.files.delete({ storageId })).toEqual({ deleted: true });
  const pending = (await them.files.deletions()).items;
  expect(pending).toEqual([
    { storageId, sizeBytes: 1234, requestedAt: expect.any(String), bytesDeletedAt: null },
  ]);
  expect(Date.parse(pending[0]?.requestedAt ?? "")).toBeGreaterThan(before.getTime() - 5_000);
  expect(await storedKeys()).toEqual(keys);
  expect(await awaitDeletion(services, storageId, { timeoutSeconds: 0 })).toBeNull();

  // The store is back: nothing was forgotten.
  const receipt = awaitDeletion(services, storageId, { timeoutSeconds: 10 });
  services.clock.advance(3600);
  expect((await emptyDeletions(jobContext(services))).deleted).toBe(1);
  expect(await receipt).toBeInstanceOf(Date);
  const [done] = (await them.files.deletions()).items;
  expect(done?.bytesDeletedAt).not.toBeNull();
  expect(await storedKeys()).toHaveLength(keys.length - 1);
});

test("a store that stays away is asked ever less often, and no entry is lost", async () => {
  const storageId = await upload();
  const unable = jobContext(away);
  const them = await callerFor(away, lab.user);
  await them.files.delete({ storageId });
  for (let hour = 0; hour < 30; hour++) {
    services.clock.advance(3600);
    await emptyDeletions(unable);
  }
  const entry = await services.db.deletion.findFirstOrThrow({ where: { storageId } });
  expect([entry.deletedAt, entry.lastError !== null]).toEqual([null, true]);
  expect(entry.attempts).toBeGreaterThan(5);
  expect(entry.attempts).toBeLessThan(20);
  services.clock.advance(6 * 3600 + 60);
  await emptyDeletions(jobContext(services));
  expect(await awaitDeletion(services, storageId, { timeoutSeconds: 0 })).not.toBeNull();
});

test("a receipt is complete when the bytes of every copy are gone", async () => {
  const storageId = await upload(await imageOf({ format: "png", width: 300 }));
  const url = await me.files.getUrl({ storageId, width: 64 });
  await server.request(url ?? "");
  const [variant] = await services.db.fileVariant.findMany({ where: { fileId: storageId } });
  const halfAway = {
    ...services,
    objects: {
      ...services.objects,
      delete: async (bucket: "files", key: string) => {
        if (key === variant?.objectKey) throw new AppError("UPSTREAM_UNAVAILABLE");
        await services.objects.delete(bucket, key);
      },
    },
  };
  await (await callerFor(halfAway as typeof services, lab.user)).files.delete({ storageId });
  const receiptOf = async () =>
    (await me.files.deletions()).items.find((item) => item.storageId === storageId);
  expect(await receiptOf()).toMatchObject({ bytesDeletedAt: null });
  services.clock.advance(3600);
  await emptyDeletions(jobContext(services));
  expect((await receiptOf())?.bytesDeletedAt).not.toBeNull();
});

test("receipts are the owner's alone, in pages, for deleted and purged files", async () => {
  const owner = await createTestUser(services);
  const them = await callerFor(services, owner);
  const ids: string[] = [];
  for (let index = 0; index < 3; index++) ids.push(await upload(png(), "image/png", them));
  await them.files.delete({ storageId: ids[0] ?? "" });
  await them.files.generateUploadUrl();
  services.clock.advance(2 * 86_400);
  await purgeUnattached(jobContext(services));
  // A grant that nobody used never was a file.
  await purgeExpiredGrants(jobContext(services));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof them.files.deletions>> = await them.files.deletions({
      limit: 1,
      cursor,
    });
    seen.push(...page.items.map((item) => item.storageId));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen.toSorted()).toEqual(ids.toSorted());
  const others = await other.files.deletions({ limit: 100 });
  expect(others.items.filter(({ storageId }) => ids.includes(storageId))).toEqual([]);
  await expect(
    them.files.deletions({ cursor: Buffer.from("1:x").toString("base64url") }),
  ).rejects.toMatchObject({ cause: { code: "INVALID_INPUT" } });
});

test("there is nothing to wait for where nothing was deleted", async () => {
  const storageId = await upload();
  for (const id of [storageId, "none"]) {
    await expect(awaitDeletion(services, id, { timeoutSeconds: 1 })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  }
});
