import { createHash } from "node:crypto";
import { limits } from "@fermata/contract";
import { afterAll, expect, test } from "vitest";
import { newId } from "../../ground/secrets";
import { openFileLab, png } from "../../testing/file-lab";
import { imageOf } from "../../testing/sample-images";
import { callerFor, createTestUser, jobContext, wear } from "../../testing/test-context";
import { getFile } from "./get-file";
import { purgeExpiredGrants } from "./purge-expired-grants";
import { storeFile } from "./store-file";

const lab = await openFileLab();
const { services, server, user, me, other, storedKeys } = lab;
afterAll(() => lab.close());

/** What a job's handler gets: services, and nobody. */
const ctx = jobContext(services);
const ownerId = user.id;

test("a job stores bytes that its owner then lists, reads, attaches and deletes", async () => {
  const bytes = await imageOf({ format: "png" });
  const { storageId } = await storeFile(ctx, bytes, { ownerId, filename: "a.png" });
  expect(await me.files.getMetadata({ storageId })).toMatchObject({
    contentType: "image/png",
    filename: "a.png",
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    image: { width: 64, height: 32 },
  });
  const url = await me.files.getUrl({ storageId });
  expect((await server.request(url ?? "")).body.equals(bytes)).toBe(true);
  expect(await other.files.getMetadata({ storageId })).toBeNull();
  await wear(services, user, storageId);
  await me.files.delete({ storageId });
  expect(await getFile(ctx, storageId)).toBeNull();
});

test("a job reads anybody's file, metadata and bytes", async () => {
  const { storageId } = await storeFile(ctx, Buffer.from("a,b\n1,2"), {
    ownerId,
    contentType: "text/csv",
  });
  const file = await getFile(ctx, storageId);
  expect(file).toMatchObject({ storageId, ownerId, contentType: "text/csv", sizeBytes: 7 });
  expect(await new Response(file?.body).text()).toBe("a,b\n1,2");
  expect(await getFile(ctx, newId())).toBeNull();
  const { url } = await me.files.generateUploadUrl();
  const pending = await services.db.file.findFirst({ orderBy: { createdAt: "desc" } });
  expect(url).toContain("fmu_");
  expect(await getFile(ctx, pending?.id ?? "")).toBeNull();
});

test("a stream is stored as it comes", async () => {
  const bytes = png(3 * 1024 * 1024);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
  }
  const { storageId } = await storeFile(ctx, pieces(), { ownerId });
  const file = await getFile(ctx, storageId);
  const read = Buffer.from(await new Response(file?.body).arrayBuffer());
  expect(read.equals(bytes)).toBe(true);
});

test.each([
  ["PAYLOAD_TOO_LARGE", png(limits.files.maxBytes + 1), undefined],
  ["INVALID_INPUT", new Uint8Array(), undefined],
  ["UNSUPPORTED_MEDIA_TYPE", png(), "image/jpeg"],
  ["UNSUPPORTED_MEDIA_TYPE", Buffer.from("<html>"), "text/html"],
])("what is refused with %s leaves no row, no bytes and no debt", async (code, bytes, type) => {
  const owner = await createTestUser(services);
  const before = await storedKeys();
  const wanted = { ownerId: owner.id, ...(type && { contentType: type }) };
  await expect(storeFile(ctx, bytes, wanted)).rejects.toMatchObject({ code });
  expect(await storedKeys()).toEqual(before);
  expect(await services.db.file.count({ where: { uploaderId: owner.id } })).toBe(0);
  const them = await callerFor(services, owner);
  expect((await them.files.usage()).usedBytes).toBe(0);
});

test("what a stream throws leaves nothing either", async () => {
  const owner = await createTestUser(services);
  async function* broken() {
    yield png(100_000);
    throw new Error("the source is gone");
  }
  await expect(storeFile(ctx, broken(), { ownerId: owner.id })).rejects.toThrow(
    "the source is gone",
  );
  expect(await services.db.file.count({ where: { uploaderId: owner.id } })).toBe(0);
});

test("the owner's quota holds for jobs too", async () => {
  const owner = await createTestUser(services);
  const tight = { ...ctx, config: { ...ctx.config, filesQuotaBytes: 1000 } };
  await storeFile(tight, png(600), { ownerId: owner.id });
  await expect(storeFile(tight, png(600), { ownerId: owner.id })).rejects.toMatchObject({
    code: "QUOTA_EXCEEDED",
  });
});

test("a store that died is purged, and what it reserved is given back", async () => {
  const owner = await createTestUser(services);
  async function* forever() {
    yield png(10);
    await new Promise(() => {});
  }
  void storeFile(ctx, forever(), { ownerId: owner.id });
  const them = await callerFor(services, owner);
  await expect.poll(async () => (await them.files.usage()).usedBytes).toBe(limits.files.maxBytes);
  services.clock.advance(301);
  await purgeExpiredGrants(ctx);
  expect((await them.files.usage()).usedBytes).toBe(0);
});
