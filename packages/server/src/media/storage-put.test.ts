import { createHash, randomBytes } from "node:crypto";
import { limits } from "@fermata/contract";
import { describe, expect, test } from "vitest";
import { sampleOf } from "../testing/sample-bytes";
import { storeKinds, useStorage } from "../testing/use-storage";

describe.each(storeKinds)("an upload in one PUT on %s", (kind) => {
  const lab = useStorage(kind);
  const { request, put, video, grant, store, content } = lab;

  test("goes from a grant to media that are listed, described and read", async () => {
    const bytes = video(50_000);
    const granted = await grant({
      sizeBytes: bytes.length,
      md5: createHash("md5").update(bytes).digest("base64"),
      filename: "Bechstein № 1.mp4",
    });
    expect(granted.method).toBe("PUT");
    expect(granted.headers).toMatchObject({ "content-type": "video/mp4", "if-none-match": "*" });
    expect(await lab.me.storage.getMetadata({ key: granted.key })).toMatchObject({
      status: "pending",
      sizeBytes: 50_000,
    });
    expect(await lab.me.storage.getUrl({ key: granted.key })).toBeNull();
    expect((await put(granted.uploadUrl, granted.headers, bytes)).status).toBe(200);

    const media = await lab.me.storage.completeUpload({ key: granted.key });
    expect(media).toMatchObject({
      key: granted.key,
      filename: "Bechstein № 1.mp4",
      contentType: "video/mp4",
      sizeBytes: 50_000,
      status: "ready",
      visibility: "public",
      publicUrl: granted.publicUrl,
    });
    expect(await lab.me.storage.completeUpload({ key: granted.key })).toEqual(media);
    expect(await lab.me.storage.getMetadata({ key: granted.key })).toEqual(media);
    expect((await content("media-public", granted.key))?.equals(bytes)).toBe(true);
    const { items } = await lab.me.storage.list();
    const owner = { id: expect.any(String), name: null, email: expect.any(String) };
    expect(items[0]).toEqual({ ...media, url: granted.publicUrl, instruments: [], owner });
  });

  test("needs no size, and then keeps the one it had", async () => {
    const { key, uploadUrl, headers } = await grant();
    expect((await put(uploadUrl, headers, video(777))).status).toBe(200);
    expect(await lab.me.storage.completeUpload({ key })).toMatchObject({ sizeBytes: 777 });
    const row = await lab.services.db.media.findUniqueOrThrow({ where: { key } });
    expect(row.reservedBytes).toBe(777n);
  });

  test("is compared in the end with a checksum that was computed on the way", async () => {
    const bytes = video(9000);
    const md5 = createHash("md5").update(bytes).digest("base64");
    const good = await grant({ sizeBytes: bytes.length });
    await put(good.uploadUrl, good.headers, bytes);
    expect(await lab.me.storage.completeUpload({ key: good.key, md5 })).toMatchObject({
      status: "ready",
    });
    const damaged = await grant({ sizeBytes: bytes.length });
    await put(damaged.uploadUrl, damaged.headers, video(9000).fill(7, 100));
    await expect(lab.me.storage.completeUpload({ key: damaged.key, md5 })).rejects.toMatchObject({
      cause: { code: "CHECKSUM_MISMATCH" },
    });
    expect(await content("media-public", damaged.key)).toBeNull();
  });

  test("that a page left is taken up by the same file: sent again, or only completed", async () => {
    const bytes = video(2_000_000);
    const asked = { sizeBytes: bytes.length, fingerprint: "sha256-of-the-same-film" };
    const left = await grant(asked);
    expect(left.resumed).toBeUndefined();
    const { items } = await lab.me.storage.listUnfinished();
    expect(items[0]).toMatchObject({ key: left.key, uploadedBytes: 0, sizeBytes: bytes.length });

    const again = await grant(asked);
    expect(again).toMatchObject({ key: left.key, resumed: "open" });
    const others = [
      { ...asked, sizeBytes: bytes.length + 1 },
      { ...asked, visibility: "private" },
      { sizeBytes: bytes.length },
    ];
    for (const other of others) expect((await grant(other)).key).not.toBe(left.key);
    const theirs = await lab.other.storage.getUploadUrl({
      ...{ filename: "clip.mp4", contentType: "video/mp4" },
      ...asked,
    });
    expect(theirs.key).not.toBe(left.key);

    expect((await put(again.uploadUrl, again.headers, bytes)).status).toBe(200);
    const arrived = await grant(asked);
    expect(arrived).toMatchObject({ key: left.key, resumed: "stored" });
    expect(await lab.me.storage.completeUpload({ key: left.key })).toMatchObject({
      status: "ready",
    });
    // What is complete is another time's business.
    expect((await grant(asked)).key).not.toBe(left.key);
  });

  test("that is private has no public address, and a signed one that stays the same", async () => {
    const bytes = video();
    const granted = await grant({ visibility: "private" });
    expect(granted.publicUrl).toBeNull();
    await put(granted.uploadUrl, granted.headers, bytes);
    const { key } = granted;
    expect(await lab.me.storage.completeUpload({ key })).toMatchObject({ publicUrl: null });
    const url = (await lab.me.storage.getUrl({ key })) ?? "";
    expect(await lab.me.storage.getUrl({ key })).toBe(url);
    const read = await request(url);
    expect(read.body.equals(bytes)).toBe(true);
    expect(read.headers["content-disposition"]).toBe(
      "inline; filename=\"clip.mp4\"; filename*=UTF-8''clip.mp4",
    );
    expect((await request(url, { headers: { range: "bytes=0-9" } })).status).toBe(206);
    expect(await lab.services.objects.head("media-public", key)).toBeNull();
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
    expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "pending" });
    expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
  });

  test("cannot be used twice, before or after it is complete", async () => {
    const bytes = video();
    const { key, uploadUrl, headers } = await grant();
    expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
    expect((await put(uploadUrl, headers, video())).status).toBe(412);
    await lab.me.storage.completeUpload({ key });
    expect((await put(uploadUrl, headers, video())).status).toBe(kind === "disk" ? 403 : 412);
    expect((await content("media-public", key))?.equals(bytes)).toBe(true);
  });

  test("is incomplete until the bytes are there", async () => {
    const { key, uploadUrl, headers } = await grant();
    await expect(lab.me.storage.completeUpload({ key })).rejects.toMatchObject({
      cause: { code: "UPLOAD_INCOMPLETE" },
    });
    expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "pending" });
    await put(uploadUrl, headers, video());
    expect(await lab.me.storage.completeUpload({ key })).toMatchObject({ status: "ready" });
  });

  test("can be completed by many at once", async () => {
    const { key, uploadUrl, headers } = await grant();
    await put(uploadUrl, headers, video());
    const rows = await Promise.all(
      Array.from({ length: 10 }, () => lab.me.storage.completeUpload({ key })),
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
    await expect(lab.me.storage.completeUpload({ key })).rejects.toMatchObject(refusal);
    await expect(lab.me.storage.completeUpload({ key })).rejects.toMatchObject(refusal);
    expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "failed" });
    expect(await lab.services.objects.head("media-private", key)).toBeNull();
    expect(await lab.services.objects.head("media-public", key)).toBeNull();
    expect((await lab.services.db.media.findUniqueOrThrow({ where: { key } })).reservedBytes).toBe(
      0n,
    );
  });

  test("of what is no picture, film or sound is taken as it is called", async () => {
    const key = await store(randomBytes(500), { contentType: "application/octet-stream" });
    expect(await lab.me.storage.getMetadata({ key })).toMatchObject({
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
