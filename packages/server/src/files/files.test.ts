import { limits } from "@fermata/contract";
import { afterAll, describe, expect, test } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";
import { newId } from "../ground/secrets";
import { serveBytesOf } from "../testing/byte-server";
import { appCode, openFileLab, png } from "../testing/file-lab";
import { startS3 } from "../testing/start-s3";
import { callerFor, createTestUser, jobContext, wear } from "../testing/test-context";
import { purgeExpiredGrants } from "./verbs/purge-expired-grants";
import { purgeUnattached } from "./verbs/purge-unattached";

const lab = await openFileLab();
const { services, user, me, other, upload } = lab;
afterAll(() => lab.close());

describe("somebody else's file", () => {
  test("answers exactly as a missing one", async () => {
    const storageId = await upload();
    const stranger = await createTestUser(services);
    for (const id of [storageId, newId()]) {
      expect(await other.files.getUrl({ storageId: id })).toBeNull();
      expect(await other.files.getMetadata({ storageId: id })).toBeNull();
      await expect(other.files.delete({ storageId: id })).rejects.toMatchObject({
        cause: { code: "NOT_FOUND" },
      });
      await expect(wear(services, stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    const { items } = await other.files.list();
    expect(items.map((item) => item.storageId)).not.toContain(storageId);
    expect(await me.files.getMetadata({ storageId })).not.toBeNull();
  });
});

describe("a list", () => {
  test("comes in pages, newest first, each file once", async () => {
    const them = await callerFor(services, await createTestUser(services));
    const ids = [];
    for (let index = 0; index < 5; index++) ids.unshift(await upload(png(), "image/png", them));
    await them.files.generateUploadUrl();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof them.files.list>> = await them.files.list({
        limit: 2,
        cursor,
      });
      seen.push(...page.items.map((item) => item.storageId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
    await expect(them.files.list({ cursor: "nonsense" })).rejects.toMatchObject({
      cause: { code: "INVALID_INPUT" },
    });
  });
});

describe("the quota", () => {
  test("counts grants and files, and gives back what is deleted", async () => {
    const them = await callerFor(services, await createTestUser(services));
    expect(await them.files.usage()).toMatchObject({ usedBytes: 0, count: 0 });
    await them.files.generateUploadUrl({ sizeBytes: 5000 });
    expect(await them.files.usage()).toMatchObject({ usedBytes: 5000, reservedBytes: 5000 });
    const storageId = await upload(png(700), "image/png", them);
    expect(await them.files.usage()).toMatchObject({
      usedBytes: 5700,
      reservedBytes: 5000,
      count: 1,
    });
    await them.files.delete({ storageId });
    expect(await them.files.usage()).toMatchObject({ usedBytes: 5000, count: 0 });
  });

  test("for ten gives ten of a hundred grants at once", async () => {
    const tight = {
      ...services,
      config: { ...services.config, filesQuotaBytes: 10 * limits.files.maxBytes },
    };
    const them = await callerFor(tight, await createTestUser(services));
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => them.files.generateUploadUrl()),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason.cause.code).toBe("QUOTA_EXCEEDED");
    }
    expect((await them.files.usage()).usedBytes).toBe(10 * limits.files.maxBytes);
  });
});

describe("the purges", () => {
  test("delete what no row refers to for a day, and nothing else", async () => {
    const [loose, released, worn] = [await upload(), await upload(), await upload()];
    await wear(services, user, released);
    await wear(services, user, worn);
    const isThere = async (id: string) => (await me.files.getMetadata({ storageId: id })) !== null;

    services.clock.advance(limits.files.unattachedSeconds - 60);
    await purgeUnattached(jobContext(services));
    expect(await Promise.all([loose, released, worn].map(isThere))).toEqual([true, true, true]);

    services.clock.advance(120);
    const fresh = await upload();
    await wear(services, user, fresh);
    const { purged } = await purgeUnattached(jobContext(services));
    expect(purged).toBeGreaterThanOrEqual(2);
    expect(await Promise.all([loose, released, worn, fresh].map(isThere))).toEqual([
      false,
      false,
      true,
      true,
    ]);

    services.clock.advance(limits.files.unattachedSeconds + 1);
    await purgeUnattached(jobContext(services));
    expect(await Promise.all([worn, fresh].map(isThere))).toEqual([false, true]);
  });

  test("give back what unused grants reserved", async () => {
    const them = await callerFor(services, await createTestUser(services));
    await them.files.generateUploadUrl();
    await purgeExpiredGrants(jobContext(services));
    expect((await them.files.usage()).usedBytes).toBe(limits.files.maxBytes);
    services.clock.advance(limits.files.grantSeconds + 1);
    expect((await purgeExpiredGrants(jobContext(services))).purged).toBeGreaterThanOrEqual(1);
    expect((await them.files.usage()).usedBytes).toBe(0);
  });
});

test("files lie as well in S3", async () => {
  const s3 = await startS3();
  const there = { ...services, objects: createS3ObjectStore(s3.config) };
  const s3Server = await serveBytesOf(there);
  try {
    const them = await callerFor(there, await createTestUser(services));
    const bytes = png(100_000);
    const { url } = await them.files.generateUploadUrl();
    const headers = { "content-type": "image/png" };
    const wrong = await s3Server.request(url, { method: "POST", headers, body: "<html>" });
    expect(wrong.status).toBe(415);
    const answer = await s3Server.request(url, { method: "POST", headers, body: bytes });
    const { storageId } = JSON.parse(answer.text);
    const link = (await them.files.getUrl({ storageId })) ?? "";
    expect((await s3Server.request(link)).body.equals(bytes)).toBe(true);
    const range = await s3Server.request(link, { headers: { range: "bytes=99990-" } });
    expect([range.status, range.body.equals(bytes.subarray(99_990))]).toEqual([206, true]);
    await them.files.delete({ storageId });
    expect((await there.objects.list("files", { limit: 10 })).items).toEqual([]);

    const open = await them.files.generateUploadUrl();
    await s3.close();
    const away = await s3Server.request(open.url, { method: "POST", headers, body: bytes });
    expect([away.status, appCode(away)]).toEqual([503, "UPSTREAM_UNAVAILABLE"]);
    const row = await services.db.file.findFirst({ orderBy: { createdAt: "desc" } });
    expect(row?.status).toBe("pending");
  } finally {
    await s3Server.close();
  }
});
