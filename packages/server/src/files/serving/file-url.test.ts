import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { appCode, openFileLab, png } from "../../testing/file-lab";
import { sampleOf } from "../../testing/sample-bytes";
import { callerFor, createTestUser } from "../../testing/test-context";
import { deleteUser } from "../../users/delete-user";

const lab = await openFileLab();
const { services, server, me, post, upload } = lab;
afterAll(() => lab.close());

describe("a file's URL", () => {
  test("is the same within a window and ends after it", async () => {
    const storageId = await upload();
    const url = (await me.files.getUrl({ storageId })) ?? "";
    services.clock.advance(1);
    expect([url, await me.files.getUrl({ storageId })]).toContain(url);
    expect((await server.request(url)).status).toBe(200);
    services.clock.advance(2 * 3600);
    expect((await server.request(url)).status).toBe(403);
    expect(await me.files.getUrl({ storageId })).not.toBe(url);
  });

  test("serves validators, ranges and HEAD", async () => {
    const bytes = png(1000);
    const url = (await me.files.getUrl({ storageId: await upload(bytes) })) ?? "";
    const whole = await server.request(url);
    const etag = String(whole.headers.etag);
    expect(etag).toBe(`"${createHash("sha256").update(bytes).digest("hex")}"`);
    expect(whole.headers["content-length"]).toBe("1000");
    expect(whole.headers["accept-ranges"]).toBe("bytes");

    const get = (headers: Record<string, string>) => server.request(url, { headers });
    expect(await get({ "if-none-match": etag })).toMatchObject({ status: 304, text: "" });
    expect((await get({ "if-none-match": `"x", W/${etag}` })).status).toBe(304);
    expect((await get({ "if-none-match": '"x"' })).status).toBe(200);

    const part = await get({ range: "bytes=10-19" });
    expect(part.status).toBe(206);
    expect(part.headers["content-range"]).toBe("bytes 10-19/1000");
    expect(part.body.equals(bytes.subarray(10, 20))).toBe(true);
    expect((await get({ range: "bytes=-5" })).body.equals(bytes.subarray(995))).toBe(true);
    expect((await get({ range: "bytes=990-5000" })).body).toHaveLength(10);
    const beyond = await get({ range: "bytes=1000-" });
    expect(beyond.status).toBe(416);
    expect(beyond.headers["content-range"]).toBe("bytes */1000");
    for (const whole of ["bytes=0-1,5-6", "lines=1-2", "bytes=9-2"]) {
      expect(await get({ range: whole })).toMatchObject({ status: 200 });
    }
    expect((await get({ range: "bytes=0-1", "if-range": '"old"' })).status).toBe(200);
    expect((await get({ range: "bytes=0-1", "if-range": etag })).status).toBe(206);

    const head = await server.request(url, { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, text: "" });
    expect(head.headers).toMatchObject({
      etag,
      "content-length": "1000",
      "content-type": "image/png",
    });
  });

  test("carries headers that keep whatever is stored harmless", async () => {
    const inline = await server.request(
      (await me.files.getUrl({ storageId: await upload(), filename: "photo.png" })) ?? "",
    );
    expect(inline.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("sandbox"),
      "content-disposition": "inline; filename=\"photo.png\"; filename*=UTF-8''photo.png",
      "cache-control": "private, max-age=300",
    });
    for (const [type, bytes] of [
      ["application/pdf", sampleOf("pdf")],
      ["application/json", "{}"],
      ["application/octet-stream", "<script>alert(1)</script>"],
    ] as const) {
      const url = await me.files.getUrl({ storageId: await upload(bytes, type) });
      const { headers } = await server.request(url ?? "");
      expect(headers["content-disposition"]).toBe("attachment");
      expect(headers["content-type"]).toBe(type);
    }
    const text = await me.files.getUrl({ storageId: await upload("hi", "text/plain") });
    expect((await server.request(text ?? "")).headers["content-type"]).toBe(
      "text/plain; charset=utf-8",
    );
  });

  test.each(["nul\0.png", "half \ud83c.png"])(
    "refuses the name %j, which is no text",
    async (filename) => {
      const storageId = await upload(png());
      await expect(me.files.getUrl({ storageId, filename })).rejects.toMatchObject({
        code: "BAD_REQUEST",
      });
    },
  );

  test.each([
    ["plain.png", "inline; filename=\"plain.png\"; filename*=UTF-8''plain.png"],
    [
      "ноты 🎹.png",
      "inline; filename=\"____ __.png\"; filename*=UTF-8''%D0%BD%D0%BE%D1%82%D1%8B%20%F0%9F%8E%B9.png",
    ],
    [
      "../../etc/passwd",
      "inline; filename=\".._.._etc_passwd\"; filename*=UTF-8''.._.._etc_passwd",
    ],
    [
      "a\r\nset-cookie: x=1",
      "inline; filename=\"a__set-cookie: x=1\"; filename*=UTF-8''a__set-cookie%3A%20x%3D1",
    ],
    ['q"uo\\te', "inline; filename=\"q_uo_te\"; filename*=UTF-8''q%22uo_te"],
    ["gnp.\u202egnp.exe", "inline; filename=\"gnp._gnp.exe\"; filename*=UTF-8''gnp._gnp.exe"],
  ])("names the download %j", async (filename, disposition) => {
    const storageId = await upload();
    const url = await me.files.getUrl({ storageId, filename });
    const answer = await server.request(url ?? "");
    expect(answer.headers["content-disposition"]).toBe(disposition);
    expect(answer.headers["set-cookie"]).toBeUndefined();
    // The same name as part of a grant is kept with the file.
    const grant = await me.files.generateUploadUrl({ filename });
    const stored = JSON.parse((await post(grant.url, png())).text);
    const named = await server.request((await me.files.getUrl(stored)) ?? "");
    expect(named.headers["content-disposition"]).toBe(disposition);
  });

  test("cannot be forged, or moved to another file or viewer", async () => {
    const [storageId, second] = [await upload(), await upload()];
    const url = (await me.files.getUrl({ storageId })) ?? "";
    const expires = new URL(url);
    expires.searchParams.set("expires", "99999999999");
    const filename = new URL(url);
    filename.searchParams.set("filename", "x.html");
    const viewer = new URL(url);
    viewer.searchParams.set("viewer", "somebody");
    for (const forged of [
      url.split("?")[0] ?? "",
      url.replace(storageId, second),
      `${expires}`,
      `${filename}`,
      `${viewer}`,
      url.replace("signature=", "signature=A"),
    ]) {
      const answer = await server.request(forged);
      expect([answer.status, appCode(answer)]).toEqual([403, "FORBIDDEN"]);
    }
  });

  test("stops with the file", async () => {
    const storageId = await upload();
    const url = (await me.files.getUrl({ storageId })) ?? "";
    expect((await server.request(url)).status).toBe(200);
    expect(await me.files.delete({ storageId })).toEqual({ deleted: true });
    const gone = await server.request(url);
    expect([gone.status, appCode(gone)]).toEqual([404, "NOT_FOUND"]);
    expect(await me.files.getUrl({ storageId })).toBeNull();
    expect(await me.files.getMetadata({ storageId })).toBeNull();
    await expect(me.files.delete({ storageId })).rejects.toMatchObject({
      cause: { code: "NOT_FOUND" },
    });
  });

  test.each([
    ["the file is deleted", { deleted: true }],
    ["the right to it is lost", { deleted: false }],
  ])("stops within a second when %s in another process", async (_, { deleted }) => {
    const storageId = await upload();
    const url = (await me.files.getUrl({ storageId })) ?? "";
    expect((await server.request(url)).status).toBe(200);
    // By no verb of this process: nobody here is told.
    const { db } = services;
    if (deleted) await db.file.delete({ where: { id: storageId } });
    else {
      const { id } = await createTestUser(services);
      await db.file.update({ where: { id: storageId }, data: { uploaderId: id } });
    }
    await expect.poll(async () => (await server.request(url)).status, { timeout: 1000 }).toBe(404);
  });

  test("stops with the account", async () => {
    const leaver = await createTestUser(services);
    const them = await callerFor(services, leaver);
    const storageId = await upload(png(), "image/png", them);
    const { objectKey } = await services.db.file.findUniqueOrThrow({ where: { id: storageId } });
    const url = (await them.files.getUrl({ storageId })) ?? "";
    await deleteUser(services, leaver.id);
    expect((await server.request(url)).status).toBe(404);
    expect(await services.db.deletion.count({ where: { objectKey } })).toBe(1);
  });
});
