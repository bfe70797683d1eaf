import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { newId } from "../../../ground/secrets";
import { base64, hex, mib, type OpenedStore } from "./opened-store";

export function describeMultipartUpload(at: OpenedStore): void {
  describe("a multipart upload", () => {
    const bucket = "media-private" as const;
    const start = async (sizes: number[], more: { md5?: string; sha256?: string } = {}) => {
      const key = newId();
      const uploadId = await at.store.createMultipartUpload(bucket, key, {
        contentType: "video/mp4",
        contentDisposition: "inline",
      });
      const urls = await at.store.signParts(
        sizes.map((sizeBytes, index) => ({
          bucket,
          key,
          uploadId,
          partNumber: index + 1,
          sizeBytes,
          ttlSeconds: 60,
          origin: at.origin,
          ...more,
        })),
      );
      return { key, uploadId, urls };
    };

    test("makes one object of parts that came in any order", async () => {
      const parts = [randomBytes(5 * mib), randomBytes(5 * mib), randomBytes(100)];
      const { key, uploadId, urls } = await start(parts.map((part) => part.length));
      const completed = [];
      for (const index of [2, 0, 1]) {
        const [url, part] = [urls[index], parts[index]];
        if (!url || !part) throw new Error("no such part");
        const answer = await at.send(url, part);
        expect(answer.status).toBe(200);
        completed.push({ partNumber: index + 1, etag: String(answer.headers.etag) });
      }
      expect(await at.store.head(bucket, key)).toBeNull();
      const { etag } = await at.store.completeMultipartUpload(bucket, key, uploadId, completed);
      const whole = Buffer.concat(parts);
      expect(await at.store.head(bucket, key)).toEqual({
        sizeBytes: whole.length,
        contentType: "video/mp4",
        etag,
      });
      expect((await at.content(bucket, key))?.equals(whole)).toBe(true);
      const across = await at.store.get(bucket, key, { start: 5 * mib - 3, end: 5 * mib + 2 });
      expect(Buffer.from(await new Response(across?.body).arrayBuffer())).toEqual(
        whole.subarray(5 * mib - 3, 5 * mib + 3),
      );
      // Some stores take it once more, others know no such upload by then. The object is what it was.
      const again = at.store.completeMultipartUpload(bucket, key, uploadId, completed);
      const end = await again.then(
        () => "taken",
        ({ code }) => code,
      );
      expect(["taken", "NOT_FOUND"]).toContain(end);
      expect((await at.store.head(bucket, key))?.etag).toBe(etag);
    });

    test("refuses parts that are missing or others than named", async () => {
      const part = randomBytes(1000);
      const { key, uploadId, urls } = await start([1000]);
      const other = `"${hex(Buffer.from("other"))}"`;
      const complete = (partNumber: number, etag: string) =>
        at.store.completeMultipartUpload(bucket, key, uploadId, [{ partNumber, etag }]);
      const incomplete = { code: "UPLOAD_INCOMPLETE" };
      await expect(complete(1, other)).rejects.toMatchObject(incomplete);
      if (!urls[0]) throw new Error("no URL");
      const sent = await at.send(urls[0], part);
      const etag = String(sent.headers.etag);
      await expect(complete(1, other)).rejects.toMatchObject(incomplete);
      await expect(complete(2, etag)).rejects.toMatchObject(incomplete);
      expect(await at.store.head(bucket, key)).toBeNull();
      await complete(1, etag);
      expect(await at.content(bucket, key)).toEqual(part);
    });

    test("takes a part again, and the last one counts", async () => {
      const { key, uploadId, urls } = await start([3]);
      if (!urls[0]) throw new Error("no URL");
      await at.send(urls[0], Buffer.from("one"));
      const last = await at.send(urls[0], Buffer.from("two"));
      await at.store.completeMultipartUpload(bucket, key, uploadId, [
        { partNumber: 1, etag: String(last.headers.etag) },
      ]);
      expect((await at.content(bucket, key))?.toString()).toBe("two");
    });

    test("refuses a part of another length or with another checksum", async () => {
      const { urls } = await start([3], { md5: base64(Buffer.from("one")) });
      if (!urls[0]) throw new Error("no URL");
      expect(urls[0].headers).toEqual({ "content-md5": base64(Buffer.from("one")) });
      expect((await at.send(urls[0], Buffer.from("four"))).status).toBe(403);
      expect((await at.send(urls[0], Buffer.from("two"))).status).toBe(400);
      expect((await at.send(urls[0], Buffer.from("one"))).status).toBe(200);
    });

    test("compares parts with what it says that it takes, and signs no checksum that it does not compare", async () => {
      const sha256 = createHash("sha256").update("one").digest("hex");
      if (at.store.partChecksum === "md5") {
        await expect(start([3], { sha256 })).rejects.toMatchObject({ code: "INVALID_INPUT" });
        return;
      }
      const { key, uploadId, urls } = await start([3, 3], { sha256 });
      const [first, second] = urls;
      if (!first || !second) throw new Error("no URL");
      expect((await at.send(first, Buffer.from("two"))).status).toBe(400);
      const other = { digest: `sha-256=${createHash("sha256").update("two").digest("base64")}` };
      expect((await at.send(first, Buffer.from("two"), other)).status).toBe(403);
      expect((await at.send({ ...first, headers: {} }, Buffer.from("one"))).status).toBe(403);
      const parts = [];
      for (const [index, url] of [first, second].entries()) {
        const { status, headers } = await at.send(url, Buffer.from("one"));
        expect(status).toBe(200);
        parts.push({ partNumber: index + 1, etag: String(headers.etag) });
      }
      await at.store.completeMultipartUpload(bucket, key, uploadId, parts);
      expect((await at.content(bucket, key))?.toString()).toBe("oneone");
    });

    test("takes parts with and without checksums in one upload", async () => {
      const bytes = [randomBytes(5 * mib), randomBytes(5 * mib), randomBytes(10)];
      const key = newId();
      const uploadId = await at.store.createMultipartUpload(bucket, key, {
        contentType: "video/mp4",
      });
      const completed = [];
      for (const [index, part] of bytes.entries()) {
        const sha256 = createHash("sha256").update(part).digest("hex");
        const checksum = [
          at.store.partChecksum === "sha256" ? { sha256 } : { md5: base64(part) },
          { md5: base64(part) },
          {},
        ][index];
        const partNumber = index + 1;
        const [url] = await at.store.signParts([
          {
            bucket,
            key,
            uploadId,
            partNumber,
            sizeBytes: part.length,
            ttlSeconds: 60,
            origin: at.origin,
            ...checksum,
          },
        ]);
        if (!url) throw new Error("no URL");
        const { headers } = await at.send(url, part);
        completed.push({ partNumber, etag: String(headers.etag) });
      }
      await at.store.completeMultipartUpload(bucket, key, uploadId, completed);
      expect((await at.content(bucket, key))?.equals(Buffer.concat(bytes))).toBe(true);
    });

    test("is over once completed: nothing is added, and an abort takes nothing away", async () => {
      const { key, uploadId, urls } = await start([3]);
      if (!urls[0]) throw new Error("no URL");
      const sent = await at.send(urls[0], Buffer.from("one"));
      await at.store.completeMultipartUpload(bucket, key, uploadId, [
        { partNumber: 1, etag: String(sent.headers.etag) },
      ]);
      expect((await at.send(urls[0], Buffer.from("two"))).status).toBe(404);
      await at.store.abortMultipartUpload(bucket, key, uploadId);
      expect((await at.content(bucket, key))?.toString()).toBe("one");
    });

    test("refuses a part that comes late, or under another number or upload", async () => {
      const { key, uploadId, urls } = await start([3]);
      if (!urls[0]) throw new Error("no URL");
      const grant = { bucket, key, uploadId, partNumber: 1, sizeBytes: 3, ttlSeconds: 1 };
      const [brief] = await at.store.signParts([{ ...grant, origin: at.origin }]);
      for (const [name, value] of [
        ["partNumber", "2"],
        ["uploadId", `${uploadId.slice(0, -1)}x`],
      ] as const) {
        const changed = new URL(urls[0].url);
        changed.searchParams.set(name, value);
        const answer = await at.send({ ...urls[0], url: changed.href }, Buffer.from("one"));
        expect(answer.status, name).toBe(403);
      }
      await sleep(2_200);
      if (!brief) throw new Error("no URL");
      expect([400, 403]).toContain((await at.send(brief, Buffer.from("one"))).status);
      await at.store.abortMultipartUpload(bucket, key, uploadId);
    });

    test("is gone once aborted, and can be aborted again", async () => {
      const { key, uploadId, urls } = await start([3]);
      if (!urls[0]) throw new Error("no URL");
      const sent = await at.send(urls[0], Buffer.from("one"));
      await at.store.abortMultipartUpload(bucket, key, uploadId);
      await at.store.abortMultipartUpload(bucket, key, uploadId);
      expect((await at.send(urls[0], Buffer.from("one"))).status).toBe(404);
      await expect(
        at.store.completeMultipartUpload(bucket, key, uploadId, [
          { partNumber: 1, etag: String(sent.headers.etag) },
        ]),
      ).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect(await at.store.head(bucket, key)).toBeNull();
    });
  });
}
