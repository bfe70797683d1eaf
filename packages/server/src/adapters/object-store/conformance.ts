import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../ground/secrets";
import type { BucketName, ObjectStore, SignedRequest } from "../../ports/object-store";
import { httpRequest } from "../../testing/http-request";

export interface StoreUnderTest {
  store: ObjectStore;
  /** Where the host of the store is reached, for stores that the app serves. */
  origin: string;
  close(): Promise<void>;
}

const mib = 1024 * 1024;
const buckets: BucketName[] = ["files", "media-public", "media-private"];

/** What every object store must do. Each adapter's test runs all of it against the real thing. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let opened: StoreUnderTest;
    let store: ObjectStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());

    const putGrant = (key: string, more: object = {}) => ({
      bucket: "media-private" as const,
      key,
      contentType: "image/png",
      ttlSeconds: 60,
      origin: opened.origin,
      ...more,
    });
    const send = (signed: SignedRequest, body: Uint8Array, headers: Record<string, string> = {}) =>
      httpRequest(signed.url, {
        method: signed.method,
        headers: { ...signed.headers, "content-length": String(body.byteLength), ...headers },
        body,
      });
    const readUrl = (bucket: BucketName, key: string, more: object = {}) =>
      store.signGet({ bucket, key, expiresAt: inOneHour(), origin: opened.origin, ...more });
    const content = async (bucket: BucketName, key: string) => {
      const found = await store.get(bucket, key);
      return found && Buffer.from(await new Response(found.body).arrayBuffer());
    };

    describe("bytes by key", () => {
      test.each(buckets)("keeps in %s what was put, and says what it is", async (bucket) => {
        const key = newId();
        const bytes = randomBytes(100_000);
        const put = await store.put(bucket, key, chunked(bytes), { contentType: "image/webp" });
        expect(put).toEqual({ etag: expect.stringMatching(/^".+"$/), sizeBytes: bytes.length });
        expect(await store.head(bucket, key)).toEqual({
          sizeBytes: bytes.length,
          contentType: "image/webp",
          etag: put.etag,
        });
        expect(await content(bucket, key)).toEqual(bytes);
        for (const other of buckets.filter((item) => item !== bucket)) {
          expect(await store.head(other, key)).toBeNull();
        }
      });

      test.each([
        ["chunks", chunked],
        ["bytes", (bytes: Buffer) => bytes],
      ])(
        "tells the MD5 of %s where it is asked for, and keeps whose they are",
        async (_, given) => {
          const key = newId();
          const bytes = randomBytes(3_000_000);
          const sizeBytes = bytes.length;
          const facts = { contentType: "image/png", label: "somebody", hashed: true, sizeBytes };
          const put = await store.put("media-public", key, given(bytes), facts);
          const md5 = createHash("md5").update(bytes).digest("hex");
          expect(put).toEqual({ etag: expect.any(String), sizeBytes: bytes.length, md5 });
          expect(await store.describe("media-public", key)).toMatchObject({ label: "somebody" });
          expect(await content("media-public", key)).toEqual(bytes);
        },
      );

      test.each([
        ["", {}],
        [
          ", also where its size was said and all of it was given",
          { sizeBytes: 50_000, hashed: true },
        ],
      ])("stores nothing when the body fails%s", async (_, said) => {
        const key = newId();
        async function* failing() {
          yield randomBytes(30_000);
          yield randomBytes(20_000);
          throw new Error("the client went away");
        }
        await expect(
          store.put("files", key, failing(), { contentType: "image/png", ...said }),
        ).rejects.toThrow("the client went away");
        expect(await store.head("files", key)).toBeNull();
      });

      test("overwrites nothing", async () => {
        const key = newId();
        const facts = { contentType: "text/plain" };
        await store.put("files", key, chunked(Buffer.from("first")), facts);
        await expect(
          store.put("files", key, chunked(Buffer.from("second")), facts),
        ).rejects.toMatchObject({ code: "CONFLICT" });
        expect((await content("files", key))?.toString()).toBe("first");
      });

      test("answers null for what is not there", async () => {
        expect(await store.head("files", newId())).toBeNull();
        expect(await store.get("files", newId())).toBeNull();
      });

      test("reads a range, cut at the end of the object", async () => {
        const key = newId();
        await store.put("files", key, chunked(Buffer.from("0123456789")), {
          contentType: "text/plain",
        });
        const read = async (start: number, end: number) => {
          const part = await store.get("files", key, { start, end });
          return [part?.sizeBytes, await new Response(part?.body).text()];
        };
        expect(await read(0, 3)).toEqual([10, "0123"]);
        expect(await read(4, 4)).toEqual([10, "4"]);
        expect(await read(8, 100)).toEqual([10, "89"]);
        await expect(store.get("files", key, { start: 10, end: 12 })).rejects.toMatchObject({
          code: "INVALID_INPUT",
        });
      });

      test("copies into another bucket and leaves the source", async () => {
        const key = newId();
        await store.put("media-private", key, chunked(Buffer.from("picture")), {
          contentType: "image/gif",
        });
        expect(await store.copy("media-private", "media-public", key)).toBe(true);
        expect(await store.copy("media-private", "media-public", key)).toBe(true);
        expect((await content("media-public", key))?.toString()).toBe("picture");
        expect((await store.head("media-public", key))?.contentType).toBe("image/gif");
        await store.delete("media-private", key);
        expect((await content("media-public", key))?.toString()).toBe("picture");
        expect(await store.copy("media-private", "media-public", newId())).toBe(false);
      });

      test("a copy of what is deleted meanwhile ends, and says whether it is there", async () => {
        for (let round = 0; round < 20; round++) {
          const key = newId();
          const facts = { contentType: "image/gif" };
          await store.put("media-private", key, chunked(Buffer.from("picture")), facts);
          const [isThere] = await Promise.all([
            store.copy("media-private", "media-public", key),
            store.delete("media-private", key),
          ]);
          expect((await store.head("media-public", key)) !== null).toBe(isThere);
        }
      });

      test.each([
        ["small", 100_000],
        ["in parts", 17 * mib],
      ])(
        "copies with other bytes in places, over what was there: %s",
        async (_, sizeBytes) => {
          const key = newId();
          const bytes = randomBytes(sizeBytes);
          const facts = { contentType: "image/jpeg", contentDisposition: "inline" };
          const put = await store.put("media-private", key, chunked(bytes), facts);
          await store.copy("media-private", "media-public", key);
          const patches = [
            { start: 10, bytes: Uint8Array.of(1, 2, 3) },
            { start: sizeBytes - 1, bytes: Uint8Array.of(9) },
          ];
          const patched = Buffer.from(bytes);
          for (const patch of patches) patched.set(patch.bytes, patch.start);
          const copied = await store.copyPatched("media-private", "media-public", key, patches);
          expect(copied).toEqual(await store.head("media-public", key));
          expect(copied).toMatchObject({ sizeBytes, contentType: "image/jpeg" });
          expect(copied?.etag).not.toBe(put.etag);
          expect((await content("media-public", key))?.equals(patched)).toBe(true);
          expect((await content("media-private", key))?.equals(bytes)).toBe(true);
          expect(await store.describe("media-public", key)).toMatchObject({
            contentDisposition: "inline",
          });
          expect(await store.copyPatched("media-private", "media-public", newId(), [])).toBeNull();
        },
        90_000,
      );

      test("deletes, also what is not there", async () => {
        const key = newId();
        await store.put("files", key, chunked(Buffer.from("x")), { contentType: "text/plain" });
        await store.delete("files", key);
        expect(await store.head("files", key)).toBeNull();
        await store.delete("files", key);
      });

      test("lists every key of a bucket once, over pages", async () => {
        const keys = Array.from({ length: 5 }, newId);
        for (const key of keys) {
          await store.put("files", key, chunked(Buffer.from(key)), { contentType: "text/plain" });
        }
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await store.list("files", { limit: 2, cursor });
          expect(page.items.length).toBeLessThanOrEqual(2);
          for (const item of page.items) {
            expect(item.sizeBytes).toBeGreaterThan(0);
            expect(Math.abs(item.modifiedAt.getTime() - Date.now())).toBeLessThan(600_000);
            seen.push(item.key);
          }
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining(keys));
        const inPrivate = await store.list("media-private", { limit: 1000 });
        expect(inPrivate.items.map((item) => item.key)).not.toEqual(
          expect.arrayContaining([keys[0]]),
        );
      });
    });

    describe("a signed PUT", () => {
      test("creates exactly the object that was granted", async () => {
        const key = newId();
        const bytes = randomBytes(200_000);
        const contentDisposition = "inline; filename=\"a_.png\"; filename*=UTF-8''%C3%A5.png";
        const signed = await store.signPut(
          putGrant(key, { sizeBytes: bytes.length, md5: base64(bytes), contentDisposition }),
        );
        const answer = await send(signed, bytes);
        expect(answer.status).toBe(200);
        expect(answer.headers.etag).toBe(`"${hex(bytes)}"`);
        expect(await content("media-private", key)).toEqual(bytes);
        const read = await httpRequest(await readUrl("media-private", key));
        expect(read.headers["content-disposition"]).toBe(contentDisposition);
        expect(read.headers["content-type"]).toBe("image/png");
        expect(read.body).toEqual(bytes);
      });

      test.each([
        ["another type", { "content-type": "text/html" }],
        ["no type", { "content-type": "" }],
        ["another disposition", { "content-disposition": 'attachment; filename="x.exe"' }],
        ["no If-None-Match", { "if-none-match": "x" }],
      ])("refuses %s", async (_, headers) => {
        const key = newId();
        const body = Buffer.from("png");
        const contentDisposition = "inline";
        const signed = await store.signPut(putGrant(key, { sizeBytes: 3, contentDisposition }));
        expect((await send(signed, body, headers)).status).toBe(403);
        expect(await store.head("media-private", key)).toBeNull();
      });

      test.each([2, 4])("refuses %i bytes where 3 were granted", async (sizeBytes) => {
        const key = newId();
        const signed = await store.signPut(putGrant(key, { sizeBytes: 3 }));
        const answer = await send(signed, randomBytes(sizeBytes));
        expect(answer.status).toBe(403);
        expect(await store.head("media-private", key)).toBeNull();
      });

      test("refuses bytes with another checksum and stores nothing", async () => {
        const key = newId();
        const md5 = base64(Buffer.from("one"));
        const signed = await store.signPut(putGrant(key, { sizeBytes: 3, md5 }));
        expect((await send(signed, Buffer.from("two"))).status).toBe(400);
        expect(await store.head("media-private", key)).toBeNull();
        expect((await send(signed, Buffer.from("one"))).status).toBe(200);
      });

      test("refuses a second PUT and keeps the first", async () => {
        const key = newId();
        const signed = await store.signPut(putGrant(key));
        expect((await send(signed, Buffer.from("first"))).status).toBe(200);
        expect((await send(signed, Buffer.from("second"))).status).toBe(412);
        expect((await content("media-private", key))?.toString()).toBe("first");
      });

      test("refuses a PUT that comes late", async () => {
        const key = newId();
        const signed = await store.signPut(putGrant(key, { ttlSeconds: 1 }));
        await sleep(2_200);
        const answer = await send(signed, Buffer.from("late"));
        expect([400, 403]).toContain(answer.status);
        expect(await store.head("media-private", key)).toBeNull();
      });

      test("refuses another key, method or a changed query", async () => {
        const key = newId();
        const signed = await store.signPut(putGrant(key, { sizeBytes: 3 }));
        const elsewhere = { ...signed, url: signed.url.replace(key, newId()) };
        expect((await send(elsewhere, Buffer.from("png"))).status).toBe(403);
        expect((await httpRequest(signed.url, { method: "GET" })).status).toBe(403);
        const query = new URL(signed.url);
        for (const name of [...query.searchParams.keys()].filter(
          (item) => !/^X-Amz-S/i.test(item),
        )) {
          const changed = new URL(query);
          changed.searchParams.set(name, `${changed.searchParams.get(name)}1`);
          const answer = await send({ ...signed, url: changed.toString() }, Buffer.from("png"));
          expect(answer.status, name).toBeGreaterThanOrEqual(400);
        }
        expect(await store.head("media-private", key)).toBeNull();
      });

      test("does not leave the length out of what it signs", async () => {
        const signed = await store.signPut(putGrant(newId(), { sizeBytes: 3 }));
        expect(signed.headers).toEqual({ "content-type": "image/png", "if-none-match": "*" });
        expect(Object.keys(signed.headers)).not.toContain("content-length");
      });
    });

    describe("a signed GET", () => {
      test("is the same for the same end, and another for another", async () => {
        const key = newId();
        const expiresAt = inOneHour();
        const first = await readUrl("media-private", key, { expiresAt });
        await sleep(1_100);
        expect(await readUrl("media-private", key, { expiresAt })).toBe(first);
        expect(
          await readUrl("media-private", key, {
            expiresAt: new Date(expiresAt.getTime() + 60_000),
          }),
        ).not.toBe(first);
      });

      test("serves ranges, validators and HEAD-like answers", async () => {
        const key = newId();
        await store.put("media-private", key, chunked(Buffer.from("0123456789")), {
          contentType: "image/png",
        });
        const url = await readUrl("media-private", key);
        const whole = await httpRequest(url);
        expect(whole).toMatchObject({ status: 200, text: "0123456789" });
        const range = await httpRequest(url, { headers: { range: "bytes=2-4" } });
        expect(range).toMatchObject({ status: 206, text: "234" });
        expect(range.headers["content-range"]).toBe("bytes 2-4/10");
        const suffix = await httpRequest(url, { headers: { range: "bytes=-3" } });
        expect(suffix).toMatchObject({ status: 206, text: "789" });
        expect((await httpRequest(url, { headers: { range: "bytes=10-" } })).status).toBe(416);
        const same = await httpRequest(url, {
          headers: { "if-none-match": String(whole.headers.etag) },
        });
        expect(same).toMatchObject({ status: 304, text: "" });
      });

      test("refuses a forged or expired signature", async () => {
        const key = newId();
        await store.put("media-private", key, chunked(Buffer.from("secret")), {
          contentType: "image/png",
        });
        const url = await readUrl("media-private", key);
        expect((await httpRequest(url)).status).toBe(200);
        const forged = url.replace(
          /(signature=)(.)/i,
          (_, name, char) => name + (char === "a" ? "b" : "a"),
        );
        expect((await httpRequest(forged)).status).toBe(403);
        expect((await httpRequest(url.split("?")[0] ?? "")).status).toBeGreaterThanOrEqual(400);
        const past = await readUrl("media-private", key, {
          expiresAt: new Date(Date.now() - 5_000),
        });
        expect([400, 403]).toContain((await httpRequest(past)).status);
      });
    });

    describe("a multipart upload", () => {
      const bucket = "media-private" as const;
      const start = async (sizes: number[], more: { md5?: string; sha256?: string } = {}) => {
        const key = newId();
        const uploadId = await store.createMultipartUpload(bucket, key, {
          contentType: "video/mp4",
          contentDisposition: "inline",
        });
        const urls = await store.signParts(
          sizes.map((sizeBytes, index) => ({
            bucket,
            key,
            uploadId,
            partNumber: index + 1,
            sizeBytes,
            ttlSeconds: 60,
            origin: opened.origin,
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
          const answer = await send(url, part);
          expect(answer.status).toBe(200);
          completed.push({ partNumber: index + 1, etag: String(answer.headers.etag) });
        }
        expect(await store.head(bucket, key)).toBeNull();
        const { etag } = await store.completeMultipartUpload(bucket, key, uploadId, completed);
        const whole = Buffer.concat(parts);
        expect(await store.head(bucket, key)).toEqual({
          sizeBytes: whole.length,
          contentType: "video/mp4",
          etag,
        });
        expect((await content(bucket, key))?.equals(whole)).toBe(true);
        const across = await store.get(bucket, key, { start: 5 * mib - 3, end: 5 * mib + 2 });
        expect(Buffer.from(await new Response(across?.body).arrayBuffer())).toEqual(
          whole.subarray(5 * mib - 3, 5 * mib + 3),
        );
        // Some stores take it once more, others know no such upload by then. The object is what it was.
        const again = store.completeMultipartUpload(bucket, key, uploadId, completed);
        const end = await again.then(
          () => "taken",
          ({ code }) => code,
        );
        expect(["taken", "NOT_FOUND"]).toContain(end);
        expect((await store.head(bucket, key))?.etag).toBe(etag);
      });

      test("refuses parts that are missing or others than named", async () => {
        const part = randomBytes(1000);
        const { key, uploadId, urls } = await start([1000]);
        const other = `"${hex(Buffer.from("other"))}"`;
        const complete = (partNumber: number, etag: string) =>
          store.completeMultipartUpload(bucket, key, uploadId, [{ partNumber, etag }]);
        const incomplete = { code: "UPLOAD_INCOMPLETE" };
        await expect(complete(1, other)).rejects.toMatchObject(incomplete);
        if (!urls[0]) throw new Error("no URL");
        const sent = await send(urls[0], part);
        const etag = String(sent.headers.etag);
        await expect(complete(1, other)).rejects.toMatchObject(incomplete);
        await expect(complete(2, etag)).rejects.toMatchObject(incomplete);
        expect(await store.head(bucket, key)).toBeNull();
        await complete(1, etag);
        expect(await content(bucket, key)).toEqual(part);
      });

      test("takes a part again, and the last one counts", async () => {
        const { key, uploadId, urls } = await start([3]);
        if (!urls[0]) throw new Error("no URL");
        await send(urls[0], Buffer.from("one"));
        const last = await send(urls[0], Buffer.from("two"));
        await store.completeMultipartUpload(bucket, key, uploadId, [
          { partNumber: 1, etag: String(last.headers.etag) },
        ]);
        expect((await content(bucket, key))?.toString()).toBe("two");
      });

      test("refuses a part of another length or with another checksum", async () => {
        const { urls } = await start([3], { md5: base64(Buffer.from("one")) });
        if (!urls[0]) throw new Error("no URL");
        expect(urls[0].headers).toEqual({ "content-md5": base64(Buffer.from("one")) });
        expect((await send(urls[0], Buffer.from("four"))).status).toBe(403);
        expect((await send(urls[0], Buffer.from("two"))).status).toBe(400);
        expect((await send(urls[0], Buffer.from("one"))).status).toBe(200);
      });

      test("compares parts with what it says that it takes, and signs no checksum that it does not compare", async () => {
        const sha256 = createHash("sha256").update("one").digest("hex");
        if (store.partChecksum === "md5") {
          await expect(start([3], { sha256 })).rejects.toMatchObject({ code: "INVALID_INPUT" });
          return;
        }
        const { key, uploadId, urls } = await start([3, 3], { sha256 });
        const [first, second] = urls;
        if (!first || !second) throw new Error("no URL");
        expect((await send(first, Buffer.from("two"))).status).toBe(400);
        const other = { digest: `sha-256=${createHash("sha256").update("two").digest("base64")}` };
        expect((await send(first, Buffer.from("two"), other)).status).toBe(403);
        expect((await send({ ...first, headers: {} }, Buffer.from("one"))).status).toBe(403);
        const parts = [];
        for (const [index, url] of [first, second].entries()) {
          const { status, headers } = await send(url, Buffer.from("one"));
          expect(status).toBe(200);
          parts.push({ partNumber: index + 1, etag: String(headers.etag) });
        }
        await store.completeMultipartUpload(bucket, key, uploadId, parts);
        expect((await content(bucket, key))?.toString()).toBe("oneone");
      });

      test("takes parts with and without checksums in one upload", async () => {
        const bytes = [randomBytes(5 * mib), randomBytes(5 * mib), randomBytes(10)];
        const key = newId();
        const uploadId = await store.createMultipartUpload(bucket, key, {
          contentType: "video/mp4",
        });
        const completed = [];
        for (const [index, part] of bytes.entries()) {
          const sha256 = createHash("sha256").update(part).digest("hex");
          const checksum = [
            store.partChecksum === "sha256" ? { sha256 } : { md5: base64(part) },
            { md5: base64(part) },
            {},
          ][index];
          const partNumber = index + 1;
          const [url] = await store.signParts([
            {
              bucket,
              key,
              uploadId,
              partNumber,
              sizeBytes: part.length,
              ttlSeconds: 60,
              origin: opened.origin,
              ...checksum,
            },
          ]);
          if (!url) throw new Error("no URL");
          const { headers } = await send(url, part);
          completed.push({ partNumber, etag: String(headers.etag) });
        }
        await store.completeMultipartUpload(bucket, key, uploadId, completed);
        expect((await content(bucket, key))?.equals(Buffer.concat(bytes))).toBe(true);
      });

      test("is over once completed: nothing is added, and an abort takes nothing away", async () => {
        const { key, uploadId, urls } = await start([3]);
        if (!urls[0]) throw new Error("no URL");
        const sent = await send(urls[0], Buffer.from("one"));
        await store.completeMultipartUpload(bucket, key, uploadId, [
          { partNumber: 1, etag: String(sent.headers.etag) },
        ]);
        expect((await send(urls[0], Buffer.from("two"))).status).toBe(404);
        await store.abortMultipartUpload(bucket, key, uploadId);
        expect((await content(bucket, key))?.toString()).toBe("one");
      });

      test("refuses a part that comes late, or under another number or upload", async () => {
        const { key, uploadId, urls } = await start([3]);
        if (!urls[0]) throw new Error("no URL");
        const grant = { bucket, key, uploadId, partNumber: 1, sizeBytes: 3, ttlSeconds: 1 };
        const [brief] = await store.signParts([{ ...grant, origin: opened.origin }]);
        for (const [name, value] of [
          ["partNumber", "2"],
          ["uploadId", `${uploadId.slice(0, -1)}x`],
        ] as const) {
          const changed = new URL(urls[0].url);
          changed.searchParams.set(name, value);
          const answer = await send({ ...urls[0], url: changed.href }, Buffer.from("one"));
          expect(answer.status, name).toBe(403);
        }
        await sleep(2_200);
        if (!brief) throw new Error("no URL");
        expect([400, 403]).toContain((await send(brief, Buffer.from("one"))).status);
        await store.abortMultipartUpload(bucket, key, uploadId);
      });

      test("is gone once aborted, and can be aborted again", async () => {
        const { key, uploadId, urls } = await start([3]);
        if (!urls[0]) throw new Error("no URL");
        const sent = await send(urls[0], Buffer.from("one"));
        await store.abortMultipartUpload(bucket, key, uploadId);
        await store.abortMultipartUpload(bucket, key, uploadId);
        expect((await send(urls[0], Buffer.from("one"))).status).toBe(404);
        await expect(
          store.completeMultipartUpload(bucket, key, uploadId, [
            { partNumber: 1, etag: String(sent.headers.etag) },
          ]),
        ).rejects.toMatchObject({ code: "NOT_FOUND" });
        expect(await store.head(bucket, key)).toBeNull();
      });
    });
  });
}

function inOneHour(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
}

function hex(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

function base64(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

async function* chunked(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 30_000) yield bytes.subarray(at, at + 30_000);
}
