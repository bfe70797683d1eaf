import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../ground/secrets";
import { type ByteServer, serveBytesOf } from "../testing/byte-server";
import { sampleOf } from "../testing/sample-bytes";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../testing/test-context";
import { storeKinds, useStorage } from "../testing/use-storage";

type Caller = Awaited<ReturnType<typeof callerFor>>;

describe.each(storeKinds)("storage on %s", (kind) => {
  const lab = useStorage(kind);
  const { video, store, multipart } = lab;

  describe("the quota", () => {
    test("for ten gives ten of a hundred grants at once", async () => {
      const tight = {
        ...lab.services,
        config: { ...lab.services.config, mediaQuotaBytes: 10_000 },
      };
      const them = await callerFor(tight, await createTestUser(lab.services));
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
      expect(await lab.other.storage.getUrl({ key })).toBeNull();
      expect(await lab.other.storage.getMetadata({ key })).toBeNull();
      const parts = [{ partNumber: 1, etag: "x" }];
      for (const call of [
        () => lab.other.storage.completeUpload({ key }),
        () => lab.other.storage.signParts({ key, parts: [{ partNumber: 1 }] }),
        () => lab.other.storage.listParts({ key }),
        () => lab.other.storage.completeMultipartUpload({ key, parts }),
        () => lab.other.storage.abortUpload({ key }),
        () => lab.other.storage.delete({ key }),
      ]) {
        await expect(call()).rejects.toMatchObject(notFound);
      }
    }
    expect(await lab.me.storage.getMetadata({ key: ready })).toMatchObject({ status: "ready" });
    expect(await lab.me.storage.getMetadata({ key: upload.key })).toMatchObject({
      status: "pending",
    });
    const nobody = await callerFor(lab.services, null);
    await expect(nobody.storage.list()).rejects.toMatchObject({
      cause: { code: "UNAUTHENTICATED" },
    });
  });

  test("a list comes in pages, newest first", async () => {
    const them = await callerFor(lab.services, await createTestUser(lab.services));
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
