import { createHash, randomBytes } from "node:crypto";
import { limits } from "@fermata/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";
import { systemClock } from "../ports/clock";
import { newId } from "../secrets";
import { type ByteServer, serveBytesOf } from "../testing/byte-server";
import { httpRequest } from "../testing/http-request";
import { sampleOf } from "../testing/sample-bytes";
import { silentLog } from "../testing/silent-log";
import { startS3 } from "../testing/start-s3";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
} from "../testing/test-context";
import { emptyDeletions } from "./empty-deletions";
import { expireUploads } from "./expire-uploads";
import { findMissingBytes } from "./find-missing-bytes";
import { sweepOrphans } from "./sweep-orphans";

type Caller = Awaited<ReturnType<typeof callerFor>>;

const mib = 1024 * 1024;
const day = 86_400;

describe.each(["disk", "S3"])("storage on %s", (kind) => {
  let services: TestServices;
  let server: ByteServer;
  let closeStore = async () => {};
  let me: Caller;
  let other: Caller;

  beforeAll(async () => {
    if (kind === "S3") {
      const s3 = await startS3();
      closeStore = s3.close;
      services = await createTestServices({ objects: createS3ObjectStore(s3.config) });
    } else {
      services = await createTestServices();
    }
    services.config.mediaQuotaBytes = 2 ** 40;
    server = await serveBytesOf(services);
    me = await callerFor(services, await createTestUser(services));
    other = await callerFor(services, await createTestUser(services));
  });
  afterAll(async () => {
    await server.close();
    await services.dispose();
    await closeStore();
  });

  const request: typeof httpRequest = (url, options) =>
    httpRequest(url.startsWith("http://fermata.test") ? server.at(url) : url, options);
  const put = (url: string, headers: Record<string, string>, body: Uint8Array) =>
    request(url, {
      method: "PUT",
      headers: { "content-length": String(body.byteLength), ...headers },
      body,
    });
  const video = (sizeBytes = 3_000) => sampleOf("mp4", sizeBytes);
  const grant = (more: object = {}) =>
    me.storage.getUploadUrl({ filename: "clip.mp4", contentType: "video/mp4", ...more });
  const store = async (bytes = video(), more: object = {}) => {
    const { key, uploadUrl, headers } = await grant(more);
    expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
    await me.storage.completeUpload({ key });
    return key;
  };
  const content = async (bucket: "media-public" | "media-private", key: string) => {
    const found = await services.objects.get(bucket, key);
    return found && Buffer.from(await new Response(found.body).arrayBuffer());
  };
  const multipart = async (bytes: Uint8Array, more: object = {}) => {
    const upload = await me.storage.createMultipartUpload({
      filename: "film.mp4",
      contentType: "video/mp4",
      sizeBytes: bytes.byteLength,
      ...more,
    });
    const cut = (partNumber: number) =>
      bytes.subarray((partNumber - 1) * upload.partSizeBytes, partNumber * upload.partSizeBytes);
    const sendPart = async (partNumber: number, body = cut(partNumber)) => {
      const { urls } = await me.storage.signParts({ key: upload.key, parts: [{ partNumber }] });
      const answer = await put(urls[0]?.url ?? "", urls[0]?.headers ?? {}, body);
      return { status: answer.status, partNumber, etag: String(answer.headers.etag) };
    };
    return { ...upload, cut, sendPart };
  };

  describe("an upload in one PUT", () => {
    test("goes from a grant to media that are listed, described and read", async () => {
      const bytes = video(50_000);
      const granted = await grant({
        sizeBytes: bytes.length,
        md5: createHash("md5").update(bytes).digest("base64"),
        filename: "Bechstein № 1.mp4",
      });
      expect(granted.method).toBe("PUT");
      expect(granted.headers).toMatchObject({ "content-type": "video/mp4", "if-none-match": "*" });
      expect(await me.storage.getMetadata({ key: granted.key })).toMatchObject({
        status: "pending",
        sizeBytes: 50_000,
      });
      expect(await me.storage.getUrl({ key: granted.key })).toBeNull();
      expect((await put(granted.uploadUrl, granted.headers, bytes)).status).toBe(200);

      const media = await me.storage.completeUpload({ key: granted.key });
      expect(media).toMatchObject({
        key: granted.key,
        filename: "Bechstein № 1.mp4",
        contentType: "video/mp4",
        sizeBytes: 50_000,
        status: "ready",
        visibility: "public",
        publicUrl: granted.publicUrl,
      });
      expect(await me.storage.completeUpload({ key: granted.key })).toEqual(media);
      expect(await me.storage.getMetadata({ key: granted.key })).toEqual(media);
      expect((await content("media-public", granted.key))?.equals(bytes)).toBe(true);
      const { items } = await me.storage.list();
      expect(items[0]).toEqual({ ...media, url: granted.publicUrl });
    });

    test("needs no size, and then keeps the one it had", async () => {
      const { key, uploadUrl, headers } = await grant();
      expect((await put(uploadUrl, headers, video(777))).status).toBe(200);
      expect(await me.storage.completeUpload({ key })).toMatchObject({ sizeBytes: 777 });
      const row = await services.db.media.findUniqueOrThrow({ where: { key } });
      expect(row.reservedBytes).toBe(777n);
    });

    test("that is private has no public address, and a signed one that stays the same", async () => {
      const bytes = video();
      const granted = await grant({ visibility: "private" });
      expect(granted.publicUrl).toBeNull();
      await put(granted.uploadUrl, granted.headers, bytes);
      const { key } = granted;
      expect(await me.storage.completeUpload({ key })).toMatchObject({ publicUrl: null });
      const url = (await me.storage.getUrl({ key })) ?? "";
      expect(await me.storage.getUrl({ key })).toBe(url);
      const read = await request(url);
      expect(read.body.equals(bytes)).toBe(true);
      expect(read.headers["content-disposition"]).toBe(
        "inline; filename=\"clip.mp4\"; filename*=UTF-8''clip.mp4",
      );
      expect((await request(url, { headers: { range: "bytes=0-9" } })).status).toBe(206);
      expect(await services.objects.head("media-public", key)).toBeNull();
    });

    test("is signed to the type, the length and the checksum", async () => {
      const bytes = video(1000);
      const md5 = createHash("md5").update(bytes).digest("base64");
      const { key, uploadUrl, headers } = await grant({ sizeBytes: 1000, md5 });
      expect((await put(uploadUrl, headers, video(1001))).status).toBe(403);
      expect((await put(uploadUrl, headers, video(999))).status).toBe(403);
      expect((await put(uploadUrl, headers, video(1000))).status).toBe(400);
      const another = { ...headers, "content-type": "image/png" };
      expect((await put(uploadUrl, another, bytes)).status).toBe(403);
      expect(await me.storage.getMetadata({ key })).toMatchObject({ status: "pending" });
      expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
    });

    test("cannot be used twice, before or after it is complete", async () => {
      const bytes = video();
      const { key, uploadUrl, headers } = await grant();
      expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
      expect((await put(uploadUrl, headers, video())).status).toBe(412);
      await me.storage.completeUpload({ key });
      expect((await put(uploadUrl, headers, video())).status).toBe(412);
      expect((await content("media-public", key))?.equals(bytes)).toBe(true);
    });

    test("is incomplete until the bytes are there", async () => {
      const { key, uploadUrl, headers } = await grant();
      await expect(me.storage.completeUpload({ key })).rejects.toMatchObject({
        cause: { code: "UPLOAD_INCOMPLETE" },
      });
      expect(await me.storage.getMetadata({ key })).toMatchObject({ status: "pending" });
      await put(uploadUrl, headers, video());
      expect(await me.storage.completeUpload({ key })).toMatchObject({ status: "ready" });
    });

    test("can be completed by many at once", async () => {
      const { key, uploadUrl, headers } = await grant();
      await put(uploadUrl, headers, video());
      const rows = await Promise.all(
        Array.from({ length: 10 }, () => me.storage.completeUpload({ key })),
      );
      expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(1);
      expect(rows[0]?.status).toBe("ready");
    });

    test.each([
      ["video/mp4", sampleOf("png")],
      ["image/png", Buffer.from("<html><script>alert(1)</script></html>")],
      ["image/jpeg", randomBytes(2000)],
      ["audio/mpeg", sampleOf("pdf")],
    ])("of bytes that are no %s fails, says why, and deletes them", async (contentType, bytes) => {
      const { key, uploadUrl, headers } = await grant({ contentType });
      expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
      const refusal = { cause: { code: "UNSUPPORTED_MEDIA_TYPE" } };
      await expect(me.storage.completeUpload({ key })).rejects.toMatchObject(refusal);
      await expect(me.storage.completeUpload({ key })).rejects.toMatchObject(refusal);
      expect(await me.storage.getMetadata({ key })).toMatchObject({ status: "failed" });
      expect(await services.objects.head("media-private", key)).toBeNull();
      expect(await services.objects.head("media-public", key)).toBeNull();
      expect((await services.db.media.findUniqueOrThrow({ where: { key } })).reservedBytes).toBe(
        0n,
      );
    });

    test("of what is no picture, film or sound is taken as it is called", async () => {
      const key = await store(randomBytes(500), { contentType: "application/octet-stream" });
      expect(await me.storage.getMetadata({ key })).toMatchObject({
        contentType: "application/octet-stream",
      });
      for (const contentType of ["text/html", "image/svg+xml", "application/xhtml+xml"]) {
        await expect(grant({ contentType })).rejects.toMatchObject({
          cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
        });
      }
    });

    test("of nothing, or more than one PUT may hold, is not granted", async () => {
      for (const sizeBytes of [0, limits.storage.maxSinglePutBytes + 1]) {
        await expect(grant({ sizeBytes })).rejects.toMatchObject({ code: "BAD_REQUEST" });
      }
      await grant({ sizeBytes: limits.storage.maxSinglePutBytes });
    });
  });

  describe("an upload in parts", () => {
    test("goes in any order, resumes from what is recorded, and ends as one object", async () => {
      const bytes = video(17 * mib + 123);
      const upload = await multipart(bytes);
      expect(upload).toMatchObject({ partSizeBytes: 8 * mib, partCount: 3 });
      const { key } = upload;
      const third = await upload.sendPart(3);
      const first = await upload.sendPart(1);
      // A browser says what it sent with its next call; the disk knows by itself.
      await me.storage.signParts({ key, parts: [{ partNumber: 2 }], uploaded: [third, first] });
      const { parts } = await me.storage.listParts({ key });
      expect(parts).toEqual([
        { partNumber: 1, sizeBytes: 8 * mib, etag: first.etag },
        { partNumber: 3, sizeBytes: mib + 123, etag: third.etag },
      ]);
      const second = await upload.sendPart(2);
      expect(await services.objects.head("media-public", key)).toBeNull();

      const media = await me.storage.completeMultipartUpload({ key, parts: [second, ...parts] });
      expect(media).toMatchObject({ status: "ready", sizeBytes: bytes.length });
      expect((await content("media-public", key))?.equals(bytes)).toBe(true);
      expect(await me.storage.completeMultipartUpload({ key, parts })).toEqual(media);
    });

    test("signs each part to its exact length and checksum", async () => {
      const upload = await multipart(video(8 * mib + 10));
      const { key } = upload;
      const short = await upload.sendPart(2, randomBytes(9));
      expect(short.status).toBe(403);
      const md5 = createHash("md5").update(upload.cut(2)).digest("base64");
      const { urls } = await me.storage.signParts({ key, parts: [{ partNumber: 2, md5 }] });
      const [signed] = urls;
      expect(signed?.headers).toEqual({ "content-md5": md5 });
      const send = (body: Uint8Array) => put(signed?.url ?? "", signed?.headers ?? {}, body);
      expect((await send(randomBytes(10))).status).toBe(400);
      expect((await send(upload.cut(2))).status).toBe(200);
    });

    test("refuses numbers that it has not, twice the same, and too few", async () => {
      const upload = await multipart(video(8 * mib + 10));
      const { key } = upload;
      const invalid = { cause: { code: "INVALID_INPUT" } };
      const sign = (...numbers: number[]) =>
        me.storage.signParts({ key, parts: numbers.map((partNumber) => ({ partNumber })) });
      await expect(sign(3)).rejects.toMatchObject(invalid);
      await expect(sign(1, 1)).rejects.toMatchObject(invalid);
      const [one, two] = [await upload.sendPart(1), await upload.sendPart(2)];
      const complete = (parts: { partNumber: number; etag: string }[]) =>
        me.storage.completeMultipartUpload({ key, parts });
      await expect(complete([one, one])).rejects.toMatchObject(invalid);
      await expect(complete([one, two, { ...one, partNumber: 3 }])).rejects.toMatchObject(invalid);
      await expect(complete([one])).rejects.toMatchObject({
        cause: { code: "UPLOAD_INCOMPLETE", details: { missing: [2], partCount: 2 } },
      });
      await expect(complete([one, { ...two, etag: one.etag }])).rejects.toMatchObject({
        cause: { code: "UPLOAD_INCOMPLETE" },
      });
      const bare = { ...two, etag: two.etag.replaceAll('"', "") };
      expect(await complete([bare, one])).toMatchObject({ status: "ready" });
    });

    test("of other bytes than it was called fails and deletes them", async () => {
      const upload = await multipart(sampleOf("png", 9 * mib));
      const { key } = upload;
      const parts = [await upload.sendPart(1), await upload.sendPart(2)];
      await expect(me.storage.completeMultipartUpload({ key, parts })).rejects.toMatchObject({
        cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
      });
      expect(await services.objects.head("media-public", key)).toBeNull();
      expect(await me.storage.getMetadata({ key })).toMatchObject({ status: "failed" });
    });

    test("that the store completed and nobody recorded ends well", async () => {
      const bytes = video(1000);
      const upload = await multipart(bytes);
      const { key, uploadId } = upload;
      const parts = [await upload.sendPart(1)];
      await services.objects.completeMultipartUpload("media-public", key, uploadId, parts);
      expect(await me.storage.completeMultipartUpload({ key, parts })).toMatchObject({
        status: "ready",
      });
      expect((await content("media-public", key))?.equals(bytes)).toBe(true);
    });

    test("can be completed by several at once", async () => {
      const upload = await multipart(video(1000));
      const { key } = upload;
      const parts = [await upload.sendPart(1)];
      const rows = await Promise.all(
        Array.from({ length: 5 }, () => me.storage.completeMultipartUpload({ key, parts })),
      );
      expect(rows.map((row) => row.status)).toEqual(Array(5).fill("ready"));
    });

    test("is no upload in one PUT, and the other way round", async () => {
      const upload = await multipart(video(1000));
      await expect(me.storage.completeUpload({ key: upload.key })).rejects.toMatchObject({
        cause: { code: "UPLOAD_INCOMPLETE" },
      });
      const { key } = await grant();
      const conflict = { cause: { code: "CONFLICT" } };
      await expect(me.storage.signParts({ key, parts: [{ partNumber: 1 }] })).rejects.toMatchObject(
        conflict,
      );
      await expect(
        me.storage.completeMultipartUpload({ key, parts: [{ partNumber: 1, etag: "x" }] }),
      ).rejects.toMatchObject(conflict);
    });
  });

  describe("aborting", () => {
    test("ends an upload, again and again, and gives back what it reserved", async () => {
      const them = await callerFor(services, await createTestUser(services));
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
      expect(await services.objects.head("media-private", key)).toBeNull();
      expect(await them.storage.getMetadata({ key })).toBeNull();
      expect((await them.storage.list()).items).toEqual([]);
      await expect(them.storage.completeUpload({ key })).rejects.toMatchObject({
        cause: { code: "CONFLICT" },
      });
    });

    test("drops the parts, and nothing can be added or completed after", async () => {
      const upload = await multipart(video(1000));
      const { key } = upload;
      const { urls } = await me.storage.signParts({ key, parts: [{ partNumber: 1 }] });
      const part = await upload.sendPart(1);
      await me.storage.abortUpload({ key });
      const late = await put(urls[0]?.url ?? "", urls[0]?.headers ?? {}, upload.cut(1));
      expect(late.status).toBe(404);
      const conflict = { cause: { code: "CONFLICT" } };
      await expect(me.storage.signParts({ key, parts: [{ partNumber: 1 }] })).rejects.toMatchObject(
        conflict,
      );
      await expect(
        me.storage.completeMultipartUpload({ key, parts: [part] }),
      ).rejects.toMatchObject(conflict);
    });

    test("is refused once the upload is complete", async () => {
      const key = await store();
      await expect(me.storage.abortUpload({ key })).rejects.toMatchObject({
        cause: { code: "CONFLICT" },
      });
      expect(await me.storage.getMetadata({ key })).toMatchObject({ status: "ready" });
    });
  });

  describe("deleting", () => {
    test("removes row and bytes, and frees the quota", async () => {
      const before = (await me.storage.usage()).usedBytes;
      for (const visibility of ["public", "private"]) {
        const key = await store(video(4000), { visibility });
        const url = (await me.storage.getUrl({ key })) ?? "";
        expect(await me.storage.delete({ key })).toEqual({ deleted: true });
        expect(await services.objects.head("media-public", key)).toBeNull();
        expect(await services.objects.head("media-private", key)).toBeNull();
        expect(await me.storage.getMetadata({ key })).toBeNull();
        if (visibility === "private") expect((await request(url)).status).toBe(404);
        const receipts = await services.db.deletion.findMany({ where: { objectKey: key } });
        expect(receipts.some((receipt) => receipt.deletedAt !== null)).toBe(true);
        await expect(me.storage.delete({ key })).rejects.toMatchObject({
          cause: { code: "NOT_FOUND" },
        });
      }
      expect((await me.storage.usage()).usedBytes).toBe(before);
    });

    test("ends an upload that is open", async () => {
      const upload = await multipart(video(1000));
      await upload.sendPart(1);
      await me.storage.delete({ key: upload.key });
      await expect(
        services.objects.completeMultipartUpload("media-public", upload.key, upload.uploadId, [
          { partNumber: 1, etag: '"0123456789abcdef0123456789abcdef"' },
        ]),
      ).rejects.toMatchObject({ code: "NOT_FOUND" });
    });
  });

  describe("the outbox", () => {
    test("tries again, later each time, what the store did not delete", async () => {
      const key = await store();
      const failing = {
        ...services,
        objects: {
          ...services.objects,
          delete: async () => {
            throw new Error("the store is away");
          },
        },
      };
      await services.db.media.delete({ where: { key } });
      services.clock.advance(10);
      const entry = () =>
        services.db.deletion.findFirstOrThrow({
          where: { objectKey: key, bucket: "media-public" },
        });
      expect((await emptyDeletions(jobContext(failing))).failed).toBeGreaterThan(0);
      const first = await entry();
      expect(first).toMatchObject({ attempts: 1, lastError: "the store is away", deletedAt: null });
      expect(await emptyDeletions(jobContext(failing))).toMatchObject({ deleted: 0, failed: 0 });
      services.clock.advance(3600);
      await emptyDeletions(jobContext(failing));
      const second = await entry();
      expect(second.attempts).toBe(2);
      services.clock.advance(7 * 3600);
      expect((await emptyDeletions(jobContext(services))).deleted).toBeGreaterThan(0);
      expect((await entry()).deletedAt).not.toBeNull();
      expect(await services.objects.head("media-public", key)).toBeNull();
      services.clock.advance(31 * day);
      await emptyDeletions(jobContext(services));
      expect(await services.db.deletion.count({ where: { objectKey: key, deletedAt: null } })).toBe(
        0,
      );
    });

    test("is emptied once by any number of workers", async () => {
      const keys = [];
      for (let index = 0; index < 12; index++) keys.push(await store(video(100)));
      await services.db.media.deleteMany({ where: { key: { in: keys } } });
      services.clock.advance(2 * 3600);
      const totals = await Promise.all(
        Array.from({ length: 4 }, () => emptyDeletions(jobContext(services))),
      );
      const entries = await services.db.deletion.findMany({ where: { objectKey: { in: keys } } });
      expect(entries.every((entry) => entry.attempts === 1 && entry.deletedAt)).toBe(true);
      expect(totals.reduce((sum, { deleted }) => sum + deleted, 0)).toBeGreaterThanOrEqual(12);
      for (const key of keys) expect(await services.objects.head("media-public", key)).toBeNull();
    });
  });

  describe("time", () => {
    test("ends an upload whose bytes never came, and completes one whose client never said so", async () => {
      const them = await callerFor(services, await createTestUser(services));
      const input = { filename: "a.mp4", contentType: "video/mp4", sizeBytes: 3000 };
      const lost = await them.storage.getUploadUrl(input);
      const arrived = await them.storage.getUploadUrl(input);
      const wrong = await them.storage.getUploadUrl(input);
      await put(arrived.uploadUrl, arrived.headers, video());
      await put(wrong.uploadUrl, wrong.headers, sampleOf("png", 3000));
      const parts = await them.storage.createMultipartUpload(input);

      await expireUploads(jobContext(services));
      expect((await them.storage.usage()).usedBytes).toBe(4 * 3000);
      services.clock.advance(limits.storage.grantSeconds + 300);
      await expect(them.storage.completeUpload({ key: lost.key })).rejects.toMatchObject({
        cause: { code: "UPLOAD_EXPIRED" },
      });
      expect(await expireUploads(jobContext(services))).toMatchObject({ completed: 1, failed: 1 });
      expect(await them.storage.getMetadata({ key: lost.key })).toBeNull();
      expect(await them.storage.getMetadata({ key: arrived.key })).toMatchObject({
        status: "ready",
      });
      expect(await them.storage.getMetadata({ key: wrong.key })).toMatchObject({
        status: "failed",
      });
      expect((await them.storage.usage()).usedBytes).toBe(2 * 3000);

      services.clock.advance(limits.storage.multipartSeconds);
      await expect(
        them.storage.signParts({ key: parts.key, parts: [{ partNumber: 1 }] }),
      ).rejects.toMatchObject({ cause: { code: "UPLOAD_EXPIRED" } });
      await expireUploads(jobContext(services));
      await emptyDeletions(jobContext(services));
      expect(await them.storage.getMetadata({ key: parts.key })).toBeNull();
      expect(await them.storage.getMetadata({ key: wrong.key })).toBeNull();
      expect(await them.storage.usage()).toMatchObject({ usedBytes: 3000, count: 1 });
      // What landed where no domain reaches is gone once its grant is over.
      expect(await services.objects.head("media-private", arrived.key)).toBeNull();
      expect(await services.objects.head("media-public", arrived.key)).not.toBeNull();
    });

    test("sweeps objects that no row names, and no others", async () => {
      const keep = await store();
      const stray = newId();
      for (const bucket of ["files", "media-public", "media-private"] as const) {
        await services.objects.put(bucket, stray, oneChunk(video()), { contentType: "video/mp4" });
      }
      const today = jobContext({ ...services, clock: systemClock });
      expect((await sweepOrphans(today)).orphans).toBe(0);
      services.clock.advance(2 * day);
      expect((await sweepOrphans(jobContext(services))).orphans).toBeGreaterThanOrEqual(3);
      await emptyDeletions(jobContext(services));
      for (const bucket of ["files", "media-public", "media-private"] as const) {
        expect(await services.objects.head(bucket, stray)).toBeNull();
      }
      expect(await services.objects.head("media-public", keep)).not.toBeNull();
      expect((await sweepOrphans(jobContext(services))).orphans).toBe(0);
    });

    test("names rows whose bytes are gone, and leaves them", async () => {
      const key = await store();
      const before = await findMissingBytes(jobContext(services));
      await services.objects.delete("media-public", key);
      const warnings: unknown[] = [];
      const log = { ...silentLog, warn: (facts: object) => warnings.push(facts) };
      const after = await findMissingBytes({ ...jobContext(services), log });
      expect(after.missing).toBe(before.missing + 1);
      expect(after.bytes).toBeGreaterThan(before.bytes);
      expect(warnings).toContainEqual(expect.objectContaining({ bucket: "media-public", key }));
      expect(await services.db.media.count({ where: { key } })).toBe(1);
    });
  });

  describe("the quota", () => {
    test("for ten gives ten of a hundred grants at once", async () => {
      const tight = { ...services, config: { ...services.config, mediaQuotaBytes: 10_000 } };
      const them = await callerFor(tight, await createTestUser(services));
      const results = await Promise.allSettled(
        Array.from({ length: 100 }, (_, index) =>
          index % 2
            ? them.storage.getUploadUrl({
                filename: "a",
                contentType: "video/mp4",
                sizeBytes: 1000,
              })
            : them.storage.createMultipartUpload({
                filename: "a",
                contentType: "video/mp4",
                sizeBytes: 1000,
              }),
        ),
      );
      expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason.cause.code).toBe("QUOTA_EXCEEDED");
      }
      expect((await them.storage.usage()).usedBytes).toBe(10_000);
    });
  });

  test("somebody else's media answer exactly as missing ones", async () => {
    const ready = await store();
    const upload = await multipart(video(1000));
    const notFound = { cause: { code: "NOT_FOUND" } };
    for (const key of [ready, upload.key, newId()]) {
      expect(await other.storage.getUrl({ key })).toBeNull();
      expect(await other.storage.getMetadata({ key })).toBeNull();
      const parts = [{ partNumber: 1, etag: "x" }];
      for (const call of [
        () => other.storage.completeUpload({ key }),
        () => other.storage.signParts({ key, parts: [{ partNumber: 1 }] }),
        () => other.storage.listParts({ key }),
        () => other.storage.completeMultipartUpload({ key, parts }),
        () => other.storage.abortUpload({ key }),
        () => other.storage.delete({ key }),
      ]) {
        await expect(call()).rejects.toMatchObject(notFound);
      }
    }
    expect(await me.storage.getMetadata({ key: ready })).toMatchObject({ status: "ready" });
    expect(await me.storage.getMetadata({ key: upload.key })).toMatchObject({ status: "pending" });
    const nobody = await callerFor(services, null);
    await expect(nobody.storage.list()).rejects.toMatchObject({
      cause: { code: "UNAUTHENTICATED" },
    });
  });

  test("a list comes in pages, newest first", async () => {
    const them = await callerFor(services, await createTestUser(services));
    const keys = [];
    for (let index = 0; index < 3; index++) {
      const input = { filename: "a", contentType: "video/mp4" };
      keys.unshift((await them.storage.getUploadUrl(input)).key);
    }
    const first = await them.storage.list({ limit: 2 });
    const second = await them.storage.list({ limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((item) => item.key)).toEqual(keys);
    expect([first.items[0]?.url, second.nextCursor]).toEqual([null, null]);
  });
});

describe("public media on the disk", () => {
  let services: TestServices;
  let server: ByteServer;
  let me: Caller;
  beforeAll(async () => {
    services = await createTestServices();
    server = await serveBytesOf(services);
    me = await callerFor(services, await createTestUser(services));
  });
  afterAll(async () => {
    await server.close();
    await services.dispose();
  });

  test("have a public address from completion to deletion", async () => {
    const bytes = sampleOf("png", 5000);
    const { key, uploadUrl, headers, publicUrl } = await me.storage.getUploadUrl({
      filename: "photo.png",
      contentType: "image/png",
    });
    const url = publicUrl ?? "";
    expect((await server.request(url)).status).toBe(404);
    const length = { "content-length": "5000" };
    const put = { method: "PUT", headers: { ...headers, ...length }, body: bytes };
    expect((await server.request(uploadUrl, put)).status).toBe(200);
    const missing = await server.request(url);
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.text).error.appCode).toBe("NOT_FOUND");

    await me.storage.completeUpload({ key });
    const read = await server.request(url);
    expect(read.body.equals(bytes)).toBe(true);
    expect(read.headers).toMatchObject({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "content-disposition": "inline; filename=\"photo.png\"; filename*=UTF-8''photo.png",
      "content-security-policy": expect.stringContaining("sandbox"),
    });
    const named = (await me.storage.getUrl({ key, filename: "other name.png" })) ?? "";
    expect((await server.request(named)).headers["content-disposition"]).toBe(
      "inline; filename=\"other name.png\"; filename*=UTF-8''other%20name.png",
    );
    await me.storage.delete({ key });
    expect((await server.request(url)).status).toBe(404);
  });

  test("of a type that is not shown in place are downloads, whoever asks", async () => {
    const { key, uploadUrl, headers, publicUrl } = await me.storage.getUploadUrl({
      filename: "page.bin",
      contentType: "application/x-anything",
    });
    const body = Buffer.from("<script>alert(1)</script>");
    await server.request(uploadUrl, {
      method: "PUT",
      headers: { ...headers, "content-length": String(body.length) },
      body,
    });
    await me.storage.completeUpload({ key });
    const { headers: served } = await server.request(publicUrl ?? "");
    expect(served["content-disposition"]).toMatch(/^attachment;/);
  });

  test("are no way to files, private media or anything else on the disk", async () => {
    for (const path of [
      "/api/objects/files/x",
      "/api/objects/media-private/x",
      "/api/objects/media-public/..%2f..%2fmedia-private",
      "/api/objects/media-public/%2e%2e",
      "/api/objects/media-public/a/b",
      "/api/objects/media-public/",
      "/api/objects/nowhere/x",
      "/api/objects",
    ]) {
      const answer = await server.request(`http://fermata.test${path}`);
      expect([403, 404], path).toContain(answer.status);
    }
    const post = await server.request("http://fermata.test/api/objects/files/x", {
      method: "DELETE",
    });
    expect(post.status).toBe(405);
  });
});

async function* oneChunk(bytes: Uint8Array) {
  yield bytes;
}
