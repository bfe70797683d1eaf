import { request as httpSend } from "node:http";
import { limits } from "@fermata/contract";
import { describe, expect, test } from "vitest";
import { newId } from "../ground/secrets";
import { emptyDeletions } from "../outbox/empty-deletions";
import { systemClock } from "../ports/clock";
import { sampleOf } from "../testing/sample-bytes";
import { silentLog } from "../testing/silent-log";
import { callerFor, createTestUser, jobContext } from "../testing/test-context";
import { storeKinds, useStorage } from "../testing/use-storage";
import { expireUploads } from "./sweeps/expire-uploads";
import { findMissingBytes } from "./sweeps/find-missing-bytes";
import { sweepOrphans } from "./sweeps/sweep-orphans";

const day = 86_400;

describe.each(storeKinds)("what becomes of media on %s", (kind) => {
  const lab = useStorage(kind);
  const { request, put, video, store, grant, multipart } = lab;

  describe("aborting", () => {
    test("ends an upload, again and again, and gives back what it reserved", async () => {
      const them = await callerFor(lab.services, await createTestUser(lab.services));
      const { key, uploadUrl, headers } = await them.storage.getUploadUrl({
        filename: "a.mp4",
        contentType: "video/mp4",
        sizeBytes: 3000,
      });
      await put(uploadUrl, headers, video());
      expect((await them.storage.usage()).usedBytes).toBe(3000);
      expect(await them.storage.abortUpload({ key })).toEqual({ aborted: true });
      expect(await them.storage.abortUpload({ key })).toEqual({ aborted: true });
      expect((await them.storage.usage()).usedBytes).toBe(0);
      expect(await lab.services.objects.head("media-private", key)).toBeNull();
      expect(await them.storage.getMetadata({ key })).toBeNull();
      expect((await them.storage.list()).items).toEqual([]);
      await expect(them.storage.completeUpload({ key })).rejects.toMatchObject({
        cause: { code: "CONFLICT" },
      });
    });

    test("voids its grant, or has what comes by it deleted and counted", async () => {
      const { objects, clock } = lab.services;
      const late: { key: string; status: number }[] = [];
      const tryLate = async ({ key, uploadUrl, headers }: Awaited<ReturnType<typeof grant>>) => {
        late.push({ key, status: (await put(uploadUrl, headers, video())).status });
      };
      const aborted = await grant({ visibility: "private" });
      await lab.me.storage.abortUpload({ key: aborted.key });
      await tryLate(aborted);
      const deleted = await grant({ visibility: "private" });
      await put(deleted.uploadUrl, deleted.headers, video());
      await lab.me.storage.completeUpload({ key: deleted.key });
      await lab.me.storage.delete({ key: deleted.key });
      await tryLate(deleted);
      const failed = await grant({ contentType: "image/png" });
      await put(failed.uploadUrl, failed.headers, video());
      await expect(lab.me.storage.completeUpload({ key: failed.key })).rejects.toThrow();
      await tryLate(failed);

      const isOpen = !objects.takesBackGrants;
      expect(late.map(({ status }) => status)).toEqual(Array(3).fill(isOpen ? 200 : 403));
      clock.advance(limits.storage.grantSeconds + 200);
      const { bytes } = await emptyDeletions(jobContext(lab.services));
      if (isOpen) expect(bytes).toBeGreaterThanOrEqual(3 * video().length);
      for (const { key } of late) expect(await objects.head("media-private", key)).toBeNull();
    });

    test("meanwhile, leaves no bytes of a PUT that was under way", async () => {
      const { key, uploadUrl, headers } = await grant({ visibility: "private", sizeBytes: 3000 });
      const body = video(3000);
      if (!lab.services.objects.takesBackGrants) return;
      const status = await new Promise((resolve, reject) => {
        const sending = httpSend(lab.server.at(uploadUrl), {
          method: "PUT",
          headers: { ...headers, "content-length": "3000" },
        });
        sending.on("response", (answer) => resolve(answer.statusCode)).on("error", reject);
        sending.write(body.subarray(0, 1000), () =>
          lab.me.storage.abortUpload({ key }).then(() => sending.end(body.subarray(1000)), reject),
        );
      });
      expect(status).toBe(403);
      expect(await lab.services.objects.head("media-private", key)).toBeNull();
    });

    test("drops the parts, and nothing can be added or completed after", async () => {
      const upload = await multipart(video(1000));
      const { key } = upload;
      const { urls } = await lab.me.storage.signParts({ key, parts: [{ partNumber: 1 }] });
      const part = await upload.sendPart(1);
      await lab.me.storage.abortUpload({ key });
      const late = await put(urls[0]?.url ?? "", urls[0]?.headers ?? {}, upload.cut(1));
      expect(late.status).toBe(404);
      const conflict = { cause: { code: "CONFLICT" } };
      await expect(
        lab.me.storage.signParts({ key, parts: [{ partNumber: 1 }] }),
      ).rejects.toMatchObject(conflict);
      await expect(
        lab.me.storage.completeMultipartUpload({ key, parts: [part] }),
      ).rejects.toMatchObject(conflict);
    });

    test("is refused once the upload is complete", async () => {
      const key = await store();
      await expect(lab.me.storage.abortUpload({ key })).rejects.toMatchObject({
        cause: { code: "CONFLICT" },
      });
      expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "ready" });
    });
  });

  describe("deleting", () => {
    test("removes row and bytes, and frees the quota", async () => {
      const before = (await lab.me.storage.usage()).usedBytes;
      for (const visibility of ["public", "private"]) {
        const key = await store(video(4000), { visibility });
        const url = (await lab.me.storage.getUrl({ key })) ?? "";
        expect(await lab.me.storage.delete({ key })).toEqual({ deleted: true });
        expect(await lab.services.objects.head("media-public", key)).toBeNull();
        expect(await lab.services.objects.head("media-private", key)).toBeNull();
        expect(await lab.me.storage.getMetadata({ key })).toBeNull();
        if (visibility === "private") expect((await request(url)).status).toBe(404);
        const receipts = await lab.services.db.deletion.findMany({ where: { objectKey: key } });
        expect(receipts.some((receipt) => receipt.deletedAt !== null)).toBe(true);
        await expect(lab.me.storage.delete({ key })).rejects.toMatchObject({
          cause: { code: "NOT_FOUND" },
        });
      }
      expect((await lab.me.storage.usage()).usedBytes).toBe(before);
    });

    test("ends an upload that is open", async () => {
      const upload = await multipart(video(1000));
      await upload.sendPart(1);
      await lab.me.storage.delete({ key: upload.key });
      await expect(
        lab.services.objects.completeMultipartUpload("media-public", upload.key, upload.uploadId, [
          { partNumber: 1, etag: '"0123456789abcdef0123456789abcdef"' },
        ]),
      ).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  });

  describe("the outbox", () => {
    test("tries again, later each time, what the store did not delete", async () => {
      const key = await store();
      const failing = {
        ...lab.services,
        objects: {
          ...lab.services.objects,
          delete: async () => {
            throw new Error("the store is away");
          },
        },
      };
      await lab.services.db.media.delete({ where: { key } });
      lab.services.clock.advance(10);
      const entry = () =>
        lab.services.db.deletion.findFirstOrThrow({
          where: { objectKey: key, bucket: "media-public" },
        });
      expect((await emptyDeletions(jobContext(failing))).failed).toBeGreaterThan(0);
      const first = await entry();
      expect(first).toMatchObject({ attempts: 1, lastError: "the store is away", deletedAt: null });
      expect(await emptyDeletions(jobContext(failing))).toMatchObject({ deleted: 0, failed: 0 });
      lab.services.clock.advance(3600);
      await emptyDeletions(jobContext(failing));
      const second = await entry();
      expect(second.attempts).toBe(2);
      lab.services.clock.advance(7 * 3600);
      expect((await emptyDeletions(jobContext(lab.services))).deleted).toBeGreaterThan(0);
      expect((await entry()).deletedAt).not.toBeNull();
      expect(await lab.services.objects.head("media-public", key)).toBeNull();
      lab.services.clock.advance(31 * day);
      await emptyDeletions(jobContext(lab.services));
      expect(
        await lab.services.db.deletion.count({ where: { objectKey: key, deletedAt: null } }),
      ).toBe(0);
    });

    test("is emptied once by any number of workers", async () => {
      const keys = [];
      for (let index = 0; index < 12; index++) keys.push(await store(video(100)));
      await lab.services.db.media.deleteMany({ where: { key: { in: keys } } });
      lab.services.clock.advance(2 * 3600);
      const totals = await Promise.all(
        Array.from({ length: 4 }, () => emptyDeletions(jobContext(lab.services))),
      );
      const entries = await lab.services.db.deletion.findMany({
        where: { objectKey: { in: keys } },
      });
      expect(entries.every((entry) => entry.attempts === 1 && entry.deletedAt)).toBe(true);
      expect(totals.reduce((sum, { deleted }) => sum + deleted, 0)).toBeGreaterThanOrEqual(12);
      for (const key of keys)
        expect(await lab.services.objects.head("media-public", key)).toBeNull();
    });
  });

  describe("time", () => {
    test("ends an upload whose bytes never came, and completes one whose client never said so", async () => {
      const them = await callerFor(lab.services, await createTestUser(lab.services));
      const input = { filename: "a.mp4", contentType: "video/mp4", sizeBytes: 3000 };
      const lost = await them.storage.getUploadUrl(input);
      const arrived = await them.storage.getUploadUrl(input);
      const wrong = await them.storage.getUploadUrl(input);
      await put(arrived.uploadUrl, arrived.headers, video());
      await put(wrong.uploadUrl, wrong.headers, sampleOf("png", 3000));
      const parts = await them.storage.createMultipartUpload(input);

      await expireUploads(jobContext(lab.services));
      expect((await them.storage.usage()).usedBytes).toBe(4 * 3000);
      lab.services.clock.advance(limits.storage.grantSeconds + 300);
      await expect(them.storage.completeUpload({ key: lost.key })).rejects.toMatchObject({
        cause: { code: "UPLOAD_EXPIRED" },
      });
      expect(await expireUploads(jobContext(lab.services))).toMatchObject({
        completed: 1,
        failed: 1,
      });
      expect(await them.storage.getMetadata({ key: lost.key })).toBeNull();
      expect(await them.storage.getMetadata({ key: arrived.key })).toMatchObject({
        status: "ready",
      });
      expect(await them.storage.getMetadata({ key: wrong.key })).toMatchObject({
        status: "failed",
      });
      expect((await them.storage.usage()).usedBytes).toBe(2 * 3000);

      lab.services.clock.advance(limits.storage.multipartSeconds);
      await expect(
        them.storage.signParts({ key: parts.key, parts: [{ partNumber: 1 }] }),
      ).rejects.toMatchObject({ cause: { code: "UPLOAD_EXPIRED" } });
      await expireUploads(jobContext(lab.services));
      await emptyDeletions(jobContext(lab.services));
      expect(await them.storage.getMetadata({ key: parts.key })).toBeNull();
      expect(await them.storage.getMetadata({ key: wrong.key })).toBeNull();
      expect(await them.storage.usage()).toMatchObject({ usedBytes: 3000, count: 1 });
      // What landed where no domain reaches is gone once its grant is over.
      expect(await lab.services.objects.head("media-private", arrived.key)).toBeNull();
      expect(await lab.services.objects.head("media-public", arrived.key)).not.toBeNull();
    });

    test("sweeps objects that no row names, and no others", async () => {
      const keep = await store();
      const stray = newId();
      for (const bucket of ["media-public", "media-private"] as const) {
        await lab.services.objects.put(bucket, stray, oneChunk(video()), {
          contentType: "video/mp4",
        });
      }
      const today = jobContext({ ...lab.services, clock: systemClock });
      expect((await sweepOrphans(today)).orphans).toBe(0);
      lab.services.clock.advance(2 * day);
      expect((await sweepOrphans(jobContext(lab.services))).orphans).toBe(0);
      lab.services.clock.advance(7 * day);
      expect((await sweepOrphans(jobContext(lab.services))).orphans).toBeGreaterThanOrEqual(2);
      await emptyDeletions(jobContext(lab.services));
      for (const bucket of ["media-public", "media-private"] as const) {
        expect(await lab.services.objects.head(bucket, stray)).toBeNull();
      }
      expect(await lab.services.objects.head("media-public", keep)).not.toBeNull();
      expect((await sweepOrphans(jobContext(lab.services))).orphans).toBe(0);
    });

    test("names rows whose bytes are gone, and leaves them", async () => {
      const key = await store();
      const before = await findMissingBytes(jobContext(lab.services));
      await lab.services.objects.delete("media-public", key);
      const warnings: unknown[] = [];
      const log = { ...silentLog, warn: (facts: object) => warnings.push(facts) };
      const after = await findMissingBytes({ ...jobContext(lab.services), log });
      expect(after.missing).toBe(before.missing + 1);
      expect(after.bytes).toBeGreaterThan(before.bytes);
      expect(warnings).toContainEqual(expect.objectContaining({ bucket: "media-public", key }));
      expect(await lab.services.db.media.count({ where: { key } })).toBe(1);
    });
  });
});

async function* oneChunk(bytes: Uint8Array) {
  yield bytes;
}
