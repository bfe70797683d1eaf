import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { limits } from "@fermata/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";
import { createSession } from "../auth/create-session";
import { newId } from "../secrets";
import { type ByteServer, serveBytesOf } from "../testing/byte-server";
import { sampleOf } from "../testing/sample-bytes";
import { startS3 } from "../testing/start-s3";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  requestContext,
  type TestServices,
} from "../testing/test-context";
import { purgeExpiredGrants } from "./purge-expired-grants";
import { purgeUnattached } from "./purge-unattached";
import { receiveUpload } from "./receive-upload";

type Caller = Awaited<ReturnType<typeof callerFor>>;

let services: TestServices;
let server: ByteServer;
let user: { id: string };
let me: Caller;
let other: Caller;

beforeAll(async () => {
  services = await createTestServices();
  // Every refused upload leaves a grant of 5 MiB open.
  services.config.filesQuotaBytes = 2 ** 33;
  server = await serveBytesOf(services);
  user = await createTestUser(services);
  me = await callerFor(services, user);
  other = await callerFor(services, await createTestUser(services));
});
afterAll(async () => {
  await server.close();
  await services.dispose();
});

const png = (sizeBytes?: number) => sampleOf("png", sizeBytes);
const post = (url: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  server.request(url, { method: "POST", body, headers });
const appCode = (answer: { text: string }) => JSON.parse(answer.text).error.appCode;

async function upload(body: Uint8Array | string = png(), type = "image/png", as = me) {
  const { url } = await as.files.generateUploadUrl();
  const answer = await post(url, body, { "content-type": type });
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.text) as { storageId: string }).storageId;
}

async function storedKeys() {
  const { items } = await services.objects.list("files", { limit: 1000 });
  return items.map((item) => item.key);
}

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
    const tokenOf = async (who: { id: string }) =>
      (await createSession(services, { userId: who.id, kind: "token", name: "t" })).token;
    const stranger = await tokenOf(await createTestUser(services));
    const type = { "content-type": "image/png" };
    const refused = await post(url, png(), { ...type, authorization: `Bearer ${stranger}` });
    expect([refused.status, appCode(refused)]).toEqual([403, "FORBIDDEN"]);
    const mine = await post(url, png(), {
      ...type,
      authorization: `Bearer ${await tokenOf(user)}`,
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

  test("that stalls is cut after a bounded time", async () => {
    const { url } = await me.files.generateUploadUrl();
    const token = url.split("/").at(-1) ?? "";
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(png(1000)),
    });
    const request = new Request(url, {
      method: "POST",
      headers: { "content-type": "image/png" },
      body,
      duplex: "half",
    });
    const bounds = { idleSeconds: 0.2, totalSeconds: 10 };
    await expect(
      receiveUpload(await requestContext(services), { request, token }, bounds),
    ).rejects.toMatchObject({ code: "UPLOAD_INCOMPLETE", details: { reason: "stalled" } });
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

describe("the stored type", () => {
  test.each([
    ["image/png", sampleOf("png"), "image/png"],
    ["image/jpg", sampleOf("jpeg"), "image/jpeg"],
    ["IMAGE/GIF; x=y", sampleOf("gif"), "image/gif"],
    ["application/pdf", sampleOf("pdf"), "application/pdf"],
    ["audio/mp4", sampleOf("mp4"), "video/mp4"],
    ["application/octet-stream", sampleOf("png"), "image/png"],
    ["", sampleOf("jpeg"), "image/jpeg"],
    ["", "just words", "application/octet-stream"],
    ["application/octet-stream", "<html><script>", "application/octet-stream"],
    ["application/octet-stream", '<?xml version="1.0"?><svg/>', "application/octet-stream"],
    ["text/plain;charset=UTF-8", "naïve 🎹\r\n\tline", "text/plain"],
    ["text/csv", "a,b\n1,2", "text/csv"],
    ["text/markdown", "# Title", "text/markdown"],
    ["application/json", '{"a":[1,2]}', "application/json"],
  ])("for a claim of '%s' is found in the bytes", async (claim, bytes, stored) => {
    const { url } = await me.files.generateUploadUrl();
    const answer = await post(url, bytes, claim ? { "content-type": claim } : {});
    expect(answer.status).toBe(200);
    const metadata = await me.files.getMetadata(JSON.parse(answer.text));
    expect(metadata?.contentType).toBe(stored);
  });

  test.each([
    ["image/png", sampleOf("jpeg")],
    ["image/png", "<html><script>alert(1)</script>"],
    ["image/jpeg", sampleOf("pdf")],
    ["video/mp4", sampleOf("png")],
    ["application/pdf", "no such thing"],
    ["text/html", "<html>"],
    ["image/svg+xml", "<svg/>"],
    ["application/xhtml+xml", "<html/>"],
    ["application/xml", "<a/>"],
    ["text/javascript", "alert(1)"],
    ["application/x-unheard-of", "?"],
    ["not a type", "?"],
    ["text/plain", Buffer.from([0x66, 0x00, 0x6f])],
    ["text/plain", Buffer.from([0x66, 0xff, 0xfe])],
    ["text/plain", "bell\u0007"],
    ["text/plain", sampleOf("png")],
    ["text/plain", "%PDF-1.7\nhello"],
    ["application/json", "{not json}"],
  ])("is refused where '%s' is not true or not accepted", async (claim, bytes) => {
    const { url } = await me.files.generateUploadUrl();
    const answer = await post(url, bytes, { "content-type": claim });
    expect([answer.status, appCode(answer)]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  test("that was granted cannot be another", async () => {
    const { url } = await me.files.generateUploadUrl({ contentType: "image/png" });
    expect((await post(url, sampleOf("jpeg"), { "content-type": "image/jpeg" })).status).toBe(415);
    expect((await post(url, sampleOf("jpeg"))).status).toBe(415);
    expect((await post(url, sampleOf("png"))).status).toBe(200);
    await expect(me.files.generateUploadUrl({ contentType: "text/html" })).rejects.toMatchObject({
      cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
  });

  test("of text is checked over all of it", async () => {
    const text = Buffer.concat([Buffer.alloc(200_000, "a"), Buffer.from([0])]);
    const { url } = await me.files.generateUploadUrl();
    expect((await post(url, text, { "content-type": "text/plain" })).status).toBe(415);
    const split = `${"a".repeat(65_535)}€${"b".repeat(70_000)}`;
    expect((await post(url, split, { "content-type": "text/plain" })).status).toBe(200);
  });
});

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
      "cache-control": "private, no-cache",
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
    ["nul\0.png", "inline; filename=\"nul_.png\"; filename*=UTF-8''nul%EF%BF%BD.png"],
    ["gnp.\u202egnp.exe", "inline; filename=\"gnp._gnp.exe\"; filename*=UTF-8''gnp._gnp.exe"],
    ["half \ud83c.png", "inline; filename=\"half _.png\"; filename*=UTF-8''half%20%EF%BF%BD.png"],
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

  test("stops with the account", async () => {
    const leaver = await createTestUser(services);
    const them = await callerFor(services, leaver);
    const storageId = await upload(png(), "image/png", them);
    const { objectKey } = await services.db.file.findUniqueOrThrow({ where: { id: storageId } });
    const url = (await them.files.getUrl({ storageId })) ?? "";
    await services.db.user.delete({ where: { id: leaver.id } });
    expect((await server.request(url)).status).toBe(404);
    expect(await services.db.deletion.count({ where: { objectKey } })).toBe(1);
  });
});

describe("somebody else's file", () => {
  test("answers exactly as a missing one", async () => {
    const storageId = await upload();
    for (const id of [storageId, newId()]) {
      expect(await other.files.getUrl({ storageId: id })).toBeNull();
      expect(await other.files.getMetadata({ storageId: id })).toBeNull();
      await expect(other.files.delete({ storageId: id })).rejects.toMatchObject({
        cause: { code: "NOT_FOUND" },
      });
      await expect(other.profile.setAvatar({ storageId: id })).rejects.toMatchObject({
        cause: { code: "NOT_FOUND" },
      });
    }
    const { items } = await other.files.list();
    expect(items.map((item) => item.storageId)).not.toContain(storageId);
    expect(await me.files.getMetadata({ storageId })).not.toBeNull();
  });
});

describe("a list", () => {
  test("comes in pages, newest first, each file once", async () => {
    const them = await callerFor(services, await createTestUser(services));
    const ids = [];
    for (let index = 0; index < 5; index++) ids.unshift(await upload(png(), "image/png", them));
    await them.files.generateUploadUrl();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof them.files.list>> = await them.files.list({
        limit: 2,
        cursor,
      });
      seen.push(...page.items.map((item) => item.storageId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
    await expect(them.files.list({ cursor: "nonsense" })).rejects.toMatchObject({
      cause: { code: "INVALID_INPUT" },
    });
  });
});

describe("the quota", () => {
  test("counts grants and files, and gives back what is deleted", async () => {
    const them = await callerFor(services, await createTestUser(services));
    expect(await them.files.usage()).toMatchObject({ usedBytes: 0, count: 0 });
    await them.files.generateUploadUrl({ sizeBytes: 5000 });
    expect((await them.files.usage()).usedBytes).toBe(5000);
    const storageId = await upload(png(700), "image/png", them);
    expect(await them.files.usage()).toMatchObject({ usedBytes: 5700, count: 1 });
    await them.files.delete({ storageId });
    expect(await them.files.usage()).toMatchObject({ usedBytes: 5000, count: 0 });
  });

  test("for ten gives ten of a hundred grants at once", async () => {
    const tight = {
      ...services,
      config: { ...services.config, filesQuotaBytes: 10 * limits.files.maxBytes },
    };
    const them = await callerFor(tight, await createTestUser(services));
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => them.files.generateUploadUrl()),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason.cause.code).toBe("QUOTA_EXCEEDED");
    }
    expect((await them.files.usage()).usedBytes).toBe(10 * limits.files.maxBytes);
  });
});

describe("an avatar", () => {
  test("is shown, replaced and removed, and each time its file changes hands", async () => {
    const [first, second] = [await upload(), await upload()];
    const { avatarUrl } = await me.profile.setAvatar({ storageId: first });
    expect((await server.request(avatarUrl ?? "")).status).toBe(200);
    expect(await me.files.getMetadata({ storageId: first })).toMatchObject({
      attachedTo: { relation: "user.avatar", id: user.id },
    });
    expect((await me.profile.setAvatar({ storageId: first })).avatarUrl).toBe(avatarUrl);
    await me.profile.setAvatar({ storageId: second });
    expect(await me.files.getMetadata({ storageId: first })).not.toHaveProperty("attachedTo");
    expect(await me.profile.setAvatar({ storageId: null })).toEqual({ avatarUrl: null });
    expect(await me.files.getMetadata({ storageId: second })).not.toHaveProperty("attachedTo");
  });

  test("must be a picture", async () => {
    const storageId = await upload("words", "text/plain");
    await expect(me.profile.setAvatar({ storageId })).rejects.toMatchObject({
      cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
    expect(await me.files.getMetadata({ storageId })).not.toHaveProperty("attachedTo");
  });

  test("goes with its file when that is deleted", async () => {
    const storageId = await upload();
    await me.profile.setAvatar({ storageId });
    await me.files.delete({ storageId });
    const row = await services.db.user.findUniqueOrThrow({ where: { id: user.id } });
    expect(row.avatarId).toBeNull();
  });

  test("set and deleted at once never points at nothing", async () => {
    for (let round = 0; round < 10; round++) {
      const storageId = await upload();
      const [, deleted] = await Promise.allSettled([
        me.profile.setAvatar({ storageId }),
        me.files.delete({ storageId }),
      ]);
      expect(deleted.status).toBe("fulfilled");
      const row = await services.db.user.findUniqueOrThrow({ where: { id: user.id } });
      expect(row.avatarId).not.toBe(storageId);
    }
  });
});

describe("the purges", () => {
  test("delete what no row refers to for a day, and nothing else", async () => {
    const [loose, released, worn] = [await upload(), await upload(), await upload()];
    await me.profile.setAvatar({ storageId: released });
    await me.profile.setAvatar({ storageId: worn });
    const isThere = async (id: string) => (await me.files.getMetadata({ storageId: id })) !== null;

    services.clock.advance(limits.files.unattachedSeconds - 60);
    await purgeUnattached(jobContext(services));
    expect(await Promise.all([loose, released, worn].map(isThere))).toEqual([true, true, true]);

    services.clock.advance(120);
    const fresh = await upload();
    await me.profile.setAvatar({ storageId: fresh });
    const { purged } = await purgeUnattached(jobContext(services));
    expect(purged).toBeGreaterThanOrEqual(2);
    expect(await Promise.all([loose, released, worn, fresh].map(isThere))).toEqual([
      false,
      false,
      true,
      true,
    ]);

    services.clock.advance(limits.files.unattachedSeconds + 1);
    await purgeUnattached(jobContext(services));
    expect(await Promise.all([worn, fresh].map(isThere))).toEqual([false, true]);
  });

  test("give back what unused grants reserved", async () => {
    const them = await callerFor(services, await createTestUser(services));
    await them.files.generateUploadUrl();
    await purgeExpiredGrants(jobContext(services));
    expect((await them.files.usage()).usedBytes).toBe(limits.files.maxBytes);
    services.clock.advance(limits.files.grantSeconds + 1);
    expect((await purgeExpiredGrants(jobContext(services))).purged).toBeGreaterThanOrEqual(1);
    expect((await them.files.usage()).usedBytes).toBe(0);
  });
});

test("files lie as well in S3", async () => {
  const s3 = await startS3();
  const there = { ...services, objects: createS3ObjectStore(s3.config) };
  const s3Server = await serveBytesOf(there);
  try {
    const them = await callerFor(there, await createTestUser(services));
    const bytes = png(100_000);
    const { url } = await them.files.generateUploadUrl();
    const headers = { "content-type": "image/png" };
    const wrong = await s3Server.request(url, { method: "POST", headers, body: "<html>" });
    expect(wrong.status).toBe(415);
    const answer = await s3Server.request(url, { method: "POST", headers, body: bytes });
    const { storageId } = JSON.parse(answer.text);
    const link = (await them.files.getUrl({ storageId })) ?? "";
    expect((await s3Server.request(link)).body.equals(bytes)).toBe(true);
    const range = await s3Server.request(link, { headers: { range: "bytes=99990-" } });
    expect([range.status, range.body.equals(bytes.subarray(99_990))]).toEqual([206, true]);
    await them.files.delete({ storageId });
    expect((await there.objects.list("files", { limit: 10 })).items).toEqual([]);

    const open = await them.files.generateUploadUrl();
    await s3.close();
    const away = await s3Server.request(open.url, { method: "POST", headers, body: bytes });
    expect([away.status, appCode(away)]).toEqual([503, "UPSTREAM_UNAVAILABLE"]);
    const row = await services.db.file.findFirst({ orderBy: { createdAt: "desc" } });
    expect(row?.status).toBe("pending");
  } finally {
    await s3Server.close();
  }
});
