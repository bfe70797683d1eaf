import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { grantMedia, putBytes, uploadMedia } from "./setup/media-uploads";
import { newMember, type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";

describe.each(targets)("media on $name", (target) => {
  const anonymous = rpcFor(target.baseUrl);
  let admin: Rpc;
  let maja: Rpc;

  beforeAll(async () => {
    admin = await signInAdmin(target);
    maja = await newMember(target, admin);
  });

  const complete = (key: string) => maja.mutate("storage.completeUpload", { key });
  const metadata = async (key: string) => (await maja.query("storage.getMetadata", { key })).data;
  const statusOf = async (url: string | null) => (await fetch(url ?? "")).status;

  test.each([
    ["storage.getUploadUrl", "mutate", { filename: "a.jpg", contentType: "image/jpeg" }],
    ["storage.completeUpload", "mutate", { key: "x" }],
    [
      "storage.createMultipartUpload",
      "mutate",
      { filename: "a.mp4", contentType: "video/mp4", sizeBytes: 1 },
    ],
    ["storage.signParts", "mutate", { key: "x", parts: [{ partNumber: 1 }] }],
    ["storage.listParts", "query", { key: "x" }],
    [
      "storage.completeMultipartUpload",
      "mutate",
      { key: "x", parts: [{ partNumber: 1, etag: "x" }] },
    ],
    ["storage.abortUpload", "mutate", { key: "x" }],
    ["storage.getUrl", "query", { key: "x" }],
    ["storage.getMetadata", "query", { key: "x" }],
    ["storage.list", "query", {}],
    ["storage.usage", "query", undefined],
    ["storage.delete", "mutate", { key: "x" }],
  ] as const)("refuses %s to an anonymous caller", async (path, kind, input) => {
    const { status, error } = await anonymous[kind](path, input);
    expect([status, error?.data.appCode]).toEqual([401, "UNAUTHENTICATED"]);
  });

  describe("reading", () => {
    test("a public object is read in ranges", async () => {
      const bytes = randomBytes(100_000);
      const { publicUrl } = await uploadMedia(maja, bytes);
      const response = await fetch(publicUrl ?? "", { headers: { range: "bytes=65530-65549" } });
      expect([response.status, response.headers.get("content-range")]).toEqual([
        206,
        "bytes 65530-65549/100000",
      ]);
      const part = Buffer.from(await response.arrayBuffer());
      expect(part.equals(bytes.subarray(65_530, 65_550))).toBe(true);
      const beyond = await fetch(publicUrl ?? "", { headers: { range: "bytes=100000-" } });
      expect(beyond.status).toBe(416);
    });

    test("a private object has no public URL; a signed one reads it", async () => {
      const bytes = randomBytes(1000);
      const grant = await grantMedia(maja, {
        filename: "a.bin",
        contentType: "application/octet-stream",
        sizeBytes: bytes.length,
        visibility: "private",
      });
      expect(grant.publicUrl).toBeNull();
      expect((await maja.query("storage.getUrl", { key: grant.key })).data).toBeNull();
      await putBytes({ url: grant.uploadUrl, headers: grant.headers }, bytes);
      expect((await complete(grant.key)).data).toMatchObject({
        publicUrl: null,
        visibility: "private",
      });
      const { data: url } = await maja.query("storage.getUrl", {
        key: grant.key,
        filename: "月光.bin",
      });
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);

      const bare = new URL(url);
      bare.search = "";
      const asPublic = url.replace("private", "public");
      const { publicUrl } = await uploadMedia(maja, randomBytes(10));
      const swapped = (publicUrl ?? "").replace(/[^/]+$/, grant.key);
      for (const attempt of [bare.href, asPublic, swapped]) {
        if (attempt === url) continue;
        expect([400, 401, 403, 404], attempt).toContain(await statusOf(attempt));
      }
    });

    test("a signed URL of a public object reads it, too", async () => {
      const bytes = randomBytes(100);
      const { key } = await uploadMedia(maja, bytes);
      const { data: url } = await maja.query("storage.getUrl", { key });
      const response = await fetch(url);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    });
  });

  describe("rows", () => {
    test("the list is paged, each row once, with what the usage counts", async () => {
      const member = await newMember(target, admin);
      const keys: string[] = [];
      for (const visibility of ["public", "private", "public"] as const) {
        keys.push((await uploadMedia(member, randomBytes(100), { visibility })).key);
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: { key: string; url: string }[]; nextCursor: string | null } = (
          await member.query("storage.list", { limit: 2, ...(cursor && { cursor }) })
        ).data;
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ key }) => key));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen.toSorted()).toEqual(keys.toSorted());
      const { data: usage } = await member.query("storage.usage");
      expect(usage).toMatchObject({ usedBytes: 300, count: 3, quotaBytes: expect.any(Number) });
    });

    test("deleting takes the row, its bytes and its URLs", async () => {
      const member = await newMember(target, admin);
      for (const visibility of ["public", "private"] as const) {
        const { key, publicUrl } = await uploadMedia(member, randomBytes(100), { visibility });
        const { data: signedUrl } = await member.query("storage.getUrl", { key });
        expect((await member.mutate("storage.delete", { key })).data).toEqual({ deleted: true });
        expect((await member.query("storage.getMetadata", { key })).data).toBeNull();
        expect((await member.query("storage.getUrl", { key })).data).toBeNull();
        for (const url of [publicUrl, signedUrl].filter(Boolean)) {
          await expect.poll(() => statusOf(url), { timeout: 5_000, interval: 100 }).toBe(404);
        }
        const again = await member.mutate("storage.delete", { key });
        expect([again.status, again.error?.data.appCode]).toEqual([404, "NOT_FOUND"]);
      }
      expect((await member.query("storage.usage")).data).toMatchObject({ usedBytes: 0, count: 0 });
    });

    test("an aborted upload is gone, and so is what it reserved", async () => {
      const member = await newMember(target, admin);
      const grant = await grantMedia(member, {
        filename: "a.bin",
        contentType: "application/octet-stream",
        sizeBytes: 1000,
      });
      expect((await member.query("storage.usage")).data.usedBytes).toBe(1000);
      const { key } = grant;
      expect((await member.mutate("storage.abortUpload", { key })).data).toEqual({ aborted: true });
      expect((await member.query("storage.usage")).data.usedBytes).toBe(0);
      await putBytes({ url: grant.uploadUrl, headers: grant.headers }, randomBytes(1000));
      const late = await member.mutate("storage.completeUpload", { key });
      expect(late.error?.data.appCode).toEqual(expect.any(String));
      expect(await statusOf(grant.publicUrl)).toBe(404);
    });
  });

  test("a key that nobody has is not found", async () => {
    const key = randomUUID();
    expect((await maja.query("storage.getUrl", { key })).data).toBeNull();
    expect(await metadata(key)).toBeNull();
    expect((await complete(key)).error?.data.appCode).toBe("NOT_FOUND");
  });
});
