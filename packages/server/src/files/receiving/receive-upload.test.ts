import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { limits } from "@fermata/contract";
import { afterAll, describe, expect, test } from "vitest";
import { newId } from "../../ground/secrets";
import { appCode, openFileLab, png } from "../../testing/file-lab";
import { callerFor, createTestUser, requestContext, tokenOf } from "../../testing/test-context";
import { receiveUpload } from "./receive-upload";

const lab = await openFileLab();
const { services, server, user, me, post, upload, storedKeys } = lab;
afterAll(() => lab.close());

describe("an upload", () => {
  test("goes from a grant to a file that is listed, described and served", async () => {
    const bytes = png(12_345);
    const grant = await me.files.generateUploadUrl();
    expect(grant.maxBytes).toBe(limits.files.maxBytes);
    expect(Date.parse(grant.expiresAt) - services.clock.now().getTime()).toBeGreaterThan(3_500_000);
    const answer = await post(grant.url, bytes, { "content-type": "image/png" });
    expect(answer.status).toBe(200);
    const { storageId } = JSON.parse(answer.text);

    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const metadata = await me.files.getMetadata({ storageId });
    expect(metadata).toMatchObject({
      storageId,
      contentType: "image/png",
      sizeBytes: 12_345,
      sha256,
      filename: null,
    });
    const { items } = await me.files.list();
    expect(items[0]).toMatchObject({ storageId, url: expect.stringContaining(storageId) });
    const url = await me.files.getUrl({ storageId });
    const read = await server.request(url ?? "");
    expect(read.status).toBe(200);
    expect(read.body.equals(bytes)).toBe(true);
  });

  test("is refused without an account", async () => {
    const nobody = await callerFor(services, null);
    await expect(nobody.files.generateUploadUrl()).rejects.toMatchObject({
      cause: { code: "UNAUTHENTICATED" },
    });
  });

  test("works once", async () => {
    const { url } = await me.files.generateUploadUrl();
    expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(200);
    const again = await post(url, png(), { "content-type": "image/png" });
    expect(again.status).toBe(409);
    expect(appCode(again)).toBe("UPLOAD_ALREADY_USED");
  });

  test("stores one file however many post to its URL at once", async () => {
    const { url } = await me.files.generateUploadUrl();
    const before = (await storedKeys()).length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post(url, png(5_000), { "content-type": "image/png" })),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(49);
    expect((await storedKeys()).length).toBe(before + 1);
  });

  test("expires, and an unknown URL is unknown", async () => {
    const { url } = await me.files.generateUploadUrl();
    services.clock.advance(limits.files.grantSeconds + 1);
    const late = await post(url, png(), { "content-type": "image/png" });
    expect([late.status, appCode(late)]).toEqual([403, "UPLOAD_EXPIRED"]);
    const unknown = await post(url.replace(/upload\/.*/, "upload/fmu_x"), png());
    expect([unknown.status, appCode(unknown)]).toEqual([404, "NOT_FOUND"]);
  });

  test("is bound to its user: another's token is refused, and spoils nothing", async () => {
    const { url } = await me.files.generateUploadUrl();
    const stranger = tokenOf(await createTestUser(services));
    const type = { "content-type": "image/png" };
    const refused = await post(url, png(), { ...type, authorization: `Bearer ${stranger}` });
    expect([refused.status, appCode(refused)]).toEqual([403, "FORBIDDEN"]);
    const mine = await post(url, png(), {
      ...type,
      authorization: `Bearer ${tokenOf(user)}`,
    });
    expect(mine.status).toBe(200);
  });

  test("that failed can be tried again, and leaves nothing behind", async () => {
    const { url } = await me.files.generateUploadUrl();
    const before = await storedKeys();
    const wrong = await post(url, "<html>", { "content-type": "image/png" });
    expect(wrong.status).toBe(415);
    expect(await storedKeys()).toEqual(before);
    expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(200);
  });

  test("cut off by its client can be tried again", async () => {
    const { url } = await me.files.generateUploadUrl();
    const { hostname, port, pathname } = new URL(server.at(url));
    const before = await storedKeys();
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 90000\r\n\r\n`,
        );
        socket.write(png(10_000));
        setTimeout(() => socket.destroy(), 100);
      });
      socket.on("close", () => resolve());
    });
    await expect
      .poll(async () => (await post(url, png(), { "content-type": "image/png" })).status)
      .toBe(200);
    expect((await storedKeys()).length).toBe(before.length + 1);
  });

  const stalled = {
    "a web stream": () =>
      new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(png(1000)) }),
    "Node's request": () => {
      const body = new Readable({ read() {} });
      body.push(png(1000));
      return body;
    },
  };
  test.each(Object.entries(stalled))(
    "that stalls is cut after a bounded time: %s",
    async (_, body) => {
      const { url } = await me.files.generateUploadUrl();
      const token = url.split("/").at(-1) ?? "";
      const request = { headers: new Headers({ "content-type": "image/png" }), body: body() };
      const bounds = { idleSeconds: 0.2, leaseSeconds: 10 };
      await expect(
        receiveUpload(await requestContext(services), { request, token }, bounds),
      ).rejects.toMatchObject({ code: "UPLOAD_INCOMPLETE", details: { reason: "stalled" } });
      expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(200);
    },
  );

  test("of which Node's request has broken off is told so, and can be tried again", async () => {
    const { url } = await me.files.generateUploadUrl();
    const token = url.split("/").at(-1) ?? "";
    const body = new Readable({ read() {} });
    body.push(png(1000));
    const request = { headers: new Headers({ "content-type": "image/png" }), body };
    const receiving = receiveUpload(await requestContext(services), { request, token });
    body.destroy();
    await expect(receiving).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      details: { reason: "disconnected" },
    });
    expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(200);
  });

  test("taken over from a receiver that died ends as one file", async () => {
    const { url } = await me.files.generateUploadUrl();
    const orphan = newId();
    const [file] = await services.db.file.findMany({ orderBy: { createdAt: "desc" }, take: 1 });
    await services.db.file.update({
      where: { id: file?.id ?? "" },
      data: { status: "receiving", objectKey: orphan, claimExpiresAt: services.clock.now() },
    });
    expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(200);
    expect(await services.db.deletion.count({ where: { objectKey: orphan } })).toBe(1);
  });
});

describe("size", () => {
  test("may be exactly the limit and not a byte more", async () => {
    const { maxBytes } = limits.files;
    await upload(png(maxBytes));
    const { url } = await me.files.generateUploadUrl();
    const declared = await post(url, png(maxBytes + 1), { "content-type": "image/png" });
    expect([declared.status, appCode(declared)]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    const chunked = await post(url, png(maxBytes + 1), {
      "content-type": "image/png",
      "transfer-encoding": "chunked",
    });
    expect([chunked.status, appCode(chunked)]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });

  test("may not be zero", async () => {
    const { url } = await me.files.generateUploadUrl();
    const answer = await post(url, "", { "content-type": "image/png" });
    expect([answer.status, appCode(answer)]).toEqual([400, "INVALID_INPUT"]);
  });

  test("that was granted is exact", async () => {
    const { url, maxBytes } = await me.files.generateUploadUrl({ sizeBytes: 1000 });
    expect(maxBytes).toBe(1000);
    const type = { "content-type": "image/png" };
    expect(appCode(await post(url, png(1001), type))).toBe("PAYLOAD_TOO_LARGE");
    expect(appCode(await post(url, png(999), type))).toBe("UPLOAD_INCOMPLETE");
    expect((await post(url, png(1000), type)).status).toBe(200);
  });
});

describe("a checksum", () => {
  const digest = (bytes: Uint8Array) =>
    `sha-256=${createHash("sha256").update(bytes).digest("base64")}`;

  test("in the header is checked, and a wrong one stores nothing", async () => {
    const bytes = png(3000);
    const { url } = await me.files.generateUploadUrl();
    const before = await storedKeys();
    const type = { "content-type": "image/png" };
    const wrong = await post(url, bytes, { ...type, digest: digest(randomBytes(3)) });
    expect([wrong.status, appCode(wrong)]).toEqual([400, "CHECKSUM_MISMATCH"]);
    expect(await storedKeys()).toEqual(before);
    expect(appCode(await post(url, bytes, { ...type, digest: "sha-256=nonsense" }))).toBe(
      "INVALID_INPUT",
    );
    expect((await post(url, bytes, { ...type, digest: digest(bytes) })).status).toBe(200);
  });

  test("in the grant is checked", async () => {
    const bytes = png(3000);
    const sha256 = createHash("sha256").update(bytes).digest("hex").toUpperCase();
    const { url } = await me.files.generateUploadUrl({ sha256 });
    expect(appCode(await post(url, png(3000), { "content-type": "image/png" }))).toBe(
      "CHECKSUM_MISMATCH",
    );
    expect((await post(url, bytes, { "content-type": "image/png" })).status).toBe(200);
  });
});
