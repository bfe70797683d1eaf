import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newId } from "../../../ground/secrets";
import { buckets, chunked, mib, type OpenedStore } from "./opened-store";

export function describeBytesByKey(at: OpenedStore): void {
  describe("bytes by key", () => {
    test.each(buckets)("keeps in %s what was put, and says what it is", async (bucket) => {
      const key = newId();
      const bytes = randomBytes(100_000);
      const put = await at.store.put(bucket, key, chunked(bytes), { contentType: "image/webp" });
      expect(put).toEqual({ etag: expect.stringMatching(/^".+"$/), sizeBytes: bytes.length });
      expect(await at.store.head(bucket, key)).toEqual({
        sizeBytes: bytes.length,
        contentType: "image/webp",
        etag: put.etag,
      });
      expect(await at.content(bucket, key)).toEqual(bytes);
      for (const other of buckets.filter((item) => item !== bucket)) {
        expect(await at.store.head(other, key)).toBeNull();
      }
    });

    test.each([
      ["chunks", chunked],
      ["bytes", (bytes: Buffer) => bytes],
    ])(
      "tells the checksum of %s where it is asked for, and keeps whose they are",
      async (_, given) => {
        const key = newId();
        const bytes = randomBytes(3_000_000);
        const sizeBytes = bytes.length;
        const facts = {
          contentType: "image/png",
          label: "somebody",
          hashed: "md5",
          sizeBytes,
        } as const;
        const put = await at.store.put("media-public", key, given(bytes), facts);
        const md5 = createHash("md5").update(bytes).digest("hex");
        expect(put).toEqual({ etag: expect.any(String), sizeBytes: bytes.length, md5 });
        expect(await at.store.describe("media-public", key)).toMatchObject({ label: "somebody" });
        expect((await at.content("media-public", key))?.equals(bytes)).toBe(true);

        const told = await at.store.put("media-public", newId(), given(bytes), {
          ...facts,
          hashed: "sha256",
        });
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        // Whichever the store compares.
        expect([told.sha256, told.md5]).toEqual(told.md5 ? [undefined, md5] : [sha256, undefined]);
      },
    );

    test.each([
      ["", {}],
      [
        ", also where its size was said and all of it was given",
        { sizeBytes: 50_000, hashed: "md5" as const },
      ],
    ])("stores nothing when the body fails%s", async (_, said) => {
      const key = newId();
      async function* failing() {
        yield randomBytes(30_000);
        yield randomBytes(20_000);
        throw new Error("the client went away");
      }
      await expect(
        at.store.put("files", key, failing(), { contentType: "image/png", ...said }),
      ).rejects.toThrow("the client went away");
      expect(await at.store.head("files", key)).toBeNull();
    });

    test("overwrites nothing", async () => {
      const key = newId();
      const facts = { contentType: "text/plain" };
      await at.store.put("files", key, chunked(Buffer.from("first")), facts);
      await expect(
        at.store.put("files", key, chunked(Buffer.from("second")), facts),
      ).rejects.toMatchObject({ code: "CONFLICT" });
      expect((await at.content("files", key))?.toString()).toBe("first");
    });

    test("answers null for what is not there", async () => {
      expect(await at.store.head("files", newId())).toBeNull();
      expect(await at.store.get("files", newId())).toBeNull();
    });

    test("reads a range, cut at the end of the object", async () => {
      const key = newId();
      await at.store.put("files", key, chunked(Buffer.from("0123456789")), {
        contentType: "text/plain",
      });
      const read = async (start: number, end: number) => {
        const part = await at.store.get("files", key, { start, end });
        return [part?.sizeBytes, await new Response(part?.body).text()];
      };
      expect(await read(0, 3)).toEqual([10, "0123"]);
      expect(await read(4, 4)).toEqual([10, "4"]);
      expect(await read(8, 100)).toEqual([10, "89"]);
      await expect(at.store.get("files", key, { start: 10, end: 12 })).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
    });

    test("copies into another bucket and leaves the source", async () => {
      const key = newId();
      await at.store.put("media-private", key, chunked(Buffer.from("picture")), {
        contentType: "image/gif",
      });
      expect(await at.store.copy("media-private", "media-public", key)).toBe(true);
      expect(await at.store.copy("media-private", "media-public", key)).toBe(true);
      expect((await at.content("media-public", key))?.toString()).toBe("picture");
      expect((await at.store.head("media-public", key))?.contentType).toBe("image/gif");
      await at.store.delete("media-private", key);
      expect((await at.content("media-public", key))?.toString()).toBe("picture");
      expect(await at.store.copy("media-private", "media-public", newId())).toBe(false);
    });

    test("a copy of what is deleted meanwhile ends, and says whether it is there", async () => {
      for (let round = 0; round < 20; round++) {
        const key = newId();
        const facts = { contentType: "image/gif" };
        await at.store.put("media-private", key, chunked(Buffer.from("picture")), facts);
        const [isThere] = await Promise.all([
          at.store.copy("media-private", "media-public", key),
          at.store.delete("media-private", key),
        ]);
        expect((await at.store.head("media-public", key)) !== null).toBe(isThere);
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
        const put = await at.store.put("media-private", key, chunked(bytes), facts);
        await at.store.copy("media-private", "media-public", key);
        const patches = [
          { start: 10, bytes: Uint8Array.of(1, 2, 3) },
          { start: sizeBytes - 1, bytes: Uint8Array.of(9) },
        ];
        const patched = Buffer.from(bytes);
        for (const patch of patches) patched.set(patch.bytes, patch.start);
        const copied = await at.store.copyPatched("media-private", "media-public", key, patches);
        expect(copied).toEqual(await at.store.head("media-public", key));
        expect(copied).toMatchObject({ sizeBytes, contentType: "image/jpeg" });
        expect(copied?.etag).not.toBe(put.etag);
        expect((await at.content("media-public", key))?.equals(patched)).toBe(true);
        expect((await at.content("media-private", key))?.equals(bytes)).toBe(true);
        expect(await at.store.describe("media-public", key)).toMatchObject({
          contentDisposition: "inline",
        });
        expect(await at.store.copyPatched("media-private", "media-public", newId(), [])).toBeNull();
      },
      90_000,
    );

    test("deletes, also what is not there", async () => {
      const key = newId();
      await at.store.put("files", key, chunked(Buffer.from("x")), { contentType: "text/plain" });
      await at.store.delete("files", key);
      expect(await at.store.head("files", key)).toBeNull();
      await at.store.delete("files", key);
    });

    test("lists every key of a bucket once, over pages", async () => {
      const keys = Array.from({ length: 5 }, newId);
      for (const key of keys) {
        await at.store.put("files", key, chunked(Buffer.from(key)), { contentType: "text/plain" });
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await at.store.list("files", { limit: 2, cursor });
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
      const inPrivate = await at.store.list("media-private", { limit: 1000 });
      expect(inPrivate.items.map((item) => item.key)).not.toEqual(
        expect.arrayContaining([keys[0]]),
      );
    });
  });
}
