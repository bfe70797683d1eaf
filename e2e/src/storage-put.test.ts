import { randomBytes } from "node:crypto";
import { limits } from "@fermata/contract";
import { beforeAll, describe, expect, test } from "vitest";
import { grantMedia, putBytes } from "./setup/media-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { jpeg, md5 } from "./setup/samples";
import { targets } from "./setup/targets";

describe.each(targets)("media in one PUT on $name", (target) => {
  let maja: Rpc;

  beforeAll(async () => {
    maja = await newMember(target, await signInAdmin(target));
  });

  const complete = (key: string) => maja.mutate("storage.completeUpload", { key });
  const metadata = async (key: string) => (await maja.query("storage.getMetadata", { key })).data;
  const statusOf = async (url: string | null) => (await fetch(url ?? "")).status;

  test("is public once it is complete, and not before", async () => {
    const bytes = jpeg();
    const filename = "Flügel 🎹 № 214.jpg";
    const grant = await grantMedia(maja, {
      filename,
      contentType: "image/jpeg",
      sizeBytes: bytes.length,
    });
    expect(grant).toMatchObject({
      method: "PUT",
      key: expect.stringMatching(/^[\w-]{16,}/),
      publicUrl: expect.stringMatching(/^https?:\/\//),
      uploadUrl: expect.stringMatching(/^https?:\/\//),
    });
    expect(Date.parse(grant.expiresAt)).toBeGreaterThan(Date.now());
    expect(await metadata(grant.key)).toMatchObject({ status: "pending" });
    expect(await statusOf(grant.publicUrl)).toBe(404);

    const put = await putBytes({ url: grant.uploadUrl, headers: grant.headers }, bytes);
    expect([put.status, put.headers.get("etag")]).toEqual([200, expect.any(String)]);
    expect(await statusOf(grant.publicUrl)).toBe(404);

    const row = {
      key: grant.key,
      filename,
      contentType: "image/jpeg",
      sizeBytes: bytes.length,
      status: "ready",
      visibility: "public",
      publicUrl: grant.publicUrl,
      createdAt: expect.stringMatching(/Z$/),
    };
    expect((await complete(grant.key)).data).toMatchObject(row);
    expect((await complete(grant.key)).data).toMatchObject(row);
    expect(await metadata(grant.key)).toMatchObject(row);

    const response = await fetch(grant.publicUrl ?? "");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect(response.headers.get("content-disposition")).toContain(encodeURIComponent(filename));
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("is not complete while its bytes are missing", async () => {
    const grant = await grantMedia(maja, {
      filename: "a.bin",
      contentType: "application/octet-stream",
      sizeBytes: 10,
    });
    const early = await complete(grant.key);
    expect([early.status, early.error?.data.appCode]).toEqual([409, "UPLOAD_INCOMPLETE"]);
    expect(await metadata(grant.key)).toMatchObject({ status: "pending" });
    await putBytes({ url: grant.uploadUrl, headers: grant.headers }, randomBytes(10));
    expect((await complete(grant.key)).data.status).toBe("ready");
  });

  test("takes the type, the length and the headers that were signed, and nothing else", async () => {
    const bytes = randomBytes(1000);
    const grant = await grantMedia(maja, {
      filename: "a.bin",
      contentType: "application/octet-stream",
      sizeBytes: bytes.length,
    });
    const { uploadUrl: url, headers } = grant;
    const name = (wanted: string) =>
      Object.keys(headers).find((header) => header.toLowerCase() === wanted) ?? wanted;
    expect(headers[name("if-none-match")]).toBe("*");
    const { [name("if-none-match")]: _, ...overwriting } = headers;
    const forged = new URL(url);
    forged.pathname = forged.pathname.replace(grant.key, `${grant.key}0`);
    const refused = await Promise.all([
      putBytes({ url, headers: { ...headers, [name("content-type")]: "text/html" } }, bytes),
      putBytes({ url, headers: overwriting }, bytes),
      putBytes({ url, headers }, bytes.subarray(1)),
      putBytes({ url, headers }, Buffer.concat([bytes, bytes])),
      putBytes({ url: forged.href, headers }, bytes),
      fetch(url, { method: "GET" }),
      fetch(url, { method: "DELETE" }),
    ]);
    for (const { status } of refused) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect((await complete(grant.key)).error?.data.appCode).toBe("UPLOAD_INCOMPLETE");
    expect((await putBytes({ url, headers }, bytes)).status).toBe(200);
  });

  test("overwrites nothing, neither before nor after completion", async () => {
    const [first, second] = [randomBytes(500), randomBytes(500)];
    const grant = await grantMedia(maja, {
      filename: "a.bin",
      contentType: "application/octet-stream",
      sizeBytes: 500,
    });
    const put = (bytes: Uint8Array) =>
      putBytes({ url: grant.uploadUrl, headers: grant.headers }, bytes);
    expect((await put(first)).status).toBe(200);
    expect((await put(second)).status).toBe(412);
    await complete(grant.key);
    // A store may know by now that the object moved to where the public reads it.
    expect((await put(second)).status).toBeGreaterThanOrEqual(400);
    await complete(grant.key);
    const stored = await (await fetch(grant.publicUrl ?? "")).arrayBuffer();
    expect(Buffer.from(stored).equals(first)).toBe(true);
  });

  test("holds the bytes against a given MD5", async () => {
    const bytes = randomBytes(500);
    const grant = await grantMedia(maja, {
      filename: "a.bin",
      contentType: "application/octet-stream",
      sizeBytes: 500,
      md5: md5(bytes),
    });
    const { uploadUrl: url, headers } = grant;
    const wrong = await putBytes({ url, headers }, randomBytes(500));
    expect([wrong.status >= 400, wrong.status < 500]).toEqual([true, true]);
    expect((await complete(grant.key)).error?.data.appCode).toBe("UPLOAD_INCOMPLETE");
    expect((await putBytes({ url, headers }, bytes)).status).toBe(200);
    expect((await complete(grant.key)).data.status).toBe("ready");
  });

  test("that is not what it was called is never shown", async () => {
    const bytes = Buffer.from("<!doctype html><script>alert(1)</script>");
    const grant = await grantMedia(maja, {
      filename: "a.png",
      contentType: "image/png",
      sizeBytes: bytes.length,
    });
    await putBytes({ url: grant.uploadUrl, headers: grant.headers }, bytes);
    const refused = await complete(grant.key);
    expect([refused.status, refused.error?.data.appCode]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    expect((await metadata(grant.key))?.status).not.toBe("ready");
    expect(await statusOf(grant.publicUrl)).toBe(404);
  });

  test("need not say its size beforehand: it is measured", async () => {
    const grant = await grantMedia(maja, {
      filename: "a.bin",
      contentType: "application/octet-stream",
    });
    await putBytes({ url: grant.uploadUrl, headers: grant.headers }, randomBytes(1234));
    expect((await complete(grant.key)).data).toMatchObject({ sizeBytes: 1234, status: "ready" });
  });

  test("of no bytes is refused", async () => {
    const terms = { filename: "a.bin", contentType: "application/octet-stream" };
    for (const path of ["storage.getUploadUrl", "storage.createMultipartUpload"]) {
      const { error } = await maja.mutate(path, { ...terms, sizeBytes: 0 });
      expect(error?.data.appCode).toBe("INVALID_INPUT");
    }
    const grant = await grantMedia(maja, terms);
    await putBytes({ url: grant.uploadUrl, headers: grant.headers }, Buffer.alloc(0));
    expect((await complete(grant.key)).error?.data.appCode).toEqual(expect.any(String));
    expect((await metadata(grant.key))?.status).not.toBe("ready");
  });

  test("larger than a store can take is refused before it begins", async () => {
    const terms = { filename: "a.bin", contentType: "application/octet-stream" };
    const single = await maja.mutate("storage.getUploadUrl", {
      ...terms,
      sizeBytes: limits.storage.maxSinglePutBytes + 1,
    });
    const parts = await maja.mutate("storage.createMultipartUpload", {
      ...terms,
      sizeBytes: limits.storage.maxBytes + 1,
    });
    for (const { error } of [single, parts]) {
      expect(["INVALID_INPUT", "PAYLOAD_TOO_LARGE"]).toContain(error?.data.appCode);
    }
  });

  test("can be sent from an allowed origin, which may read the ETag", async () => {
    const grant = await grantMedia(maja, {
      filename: "a.bin",
      contentType: "application/octet-stream",
      sizeBytes: 10,
    });
    const { origin } = { origin: target.allowedOrigin };
    const preflight = await fetch(grant.uploadUrl, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": Object.keys(grant.headers).sort().join(","),
      },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    const put = await putBytes(
      { url: grant.uploadUrl, headers: { ...grant.headers, origin } },
      randomBytes(10),
    );
    expect(put.headers.get("access-control-allow-origin")).toBe(origin);
    expect(put.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("etag");
  });
});
