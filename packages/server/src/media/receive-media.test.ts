import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesHaveLocation } from "../images/has-location";
import { emptyDeletions } from "../outbox/empty-deletions";
import { httpRequest } from "../testing/http-request";
import { imageOf } from "../testing/sample-images";
import { serveFetch } from "../testing/serve-fetch";
import {
  callerFor,
  createTestUser,
  jobContext,
  requestContext,
  tokenOf,
} from "../testing/test-context";
import { storeKinds, useStorage } from "../testing/use-storage";
import { receiveMedia } from "./http";
import { takeRoom } from "./uploads/held-bytes";

describe.each(storeKinds)("media in one request, on %s", (kind) => {
  const lab = useStorage(kind);
  let server: Awaited<ReturnType<typeof serveFetch>>;
  let bearer = "";
  let me: Awaited<ReturnType<typeof callerFor>>;
  beforeAll(async () => {
    const { id: userId } = await createTestUser(lab.services);
    bearer = tokenOf({ id: userId });
    me = await callerFor(lab.services, bearer);
    server = await serveFetch(async (request) => {
      const said = request.headers.get("authorization")?.replace("Bearer ", "") ?? null;
      const ctx = await requestContext(lab.services, said);
      const { media, etag } = await receiveMedia(ctx, request);
      return Response.json(media, { headers: { etag } });
    });
  });
  afterAll(() => server.close());

  const rowOf = (key: string) => lab.services.db.media.findUniqueOrThrow({ where: { key } });
  let attempts = 0;
  const newAttempt = () => `attempt-number-${++attempts}-of-this-test`;
  const head = (more: object = {}) =>
    encodeURIComponent(JSON.stringify({ filename: "Ärmel.png", attempt: newAttempt(), ...more }));
  const post = (
    body: Uint8Array,
    { said = head(), type = "image/png", token = "", headers = {} } = {},
  ) =>
    httpRequest(server.origin, {
      method: "POST",
      headers: {
        "content-length": String(body.byteLength),
        "content-type": type,
        "x-fermata-upload": said,
        authorization: `Bearer ${token || bearer}`,
        ...headers,
      },
      body,
    });
  const png = () => imageOf({ format: "png", width: 40, height: 30 });

  test("tells the SHA-256 where it is wanted and the store tells it, also to whoever asks again", async () => {
    const bytes = await png();
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const said = head();
    const wanted = { said, headers: { "want-digest": "sha-256" } };
    const etag = `"${kind === "disk" ? sha256 : md5Of(bytes)}"`;
    const first = await post(bytes, wanted);
    expect([first.status, first.headers.etag]).toEqual([200, etag]);
    expect((await post(bytes, wanted)).headers.etag).toBe(etag);
    // What says a place becomes another file, whose ETag tells nothing of what arrived.
    const located = await imageOf({ format: "jpeg", located: true });
    const placed = { ...wanted, said: head(), type: "image/jpeg" };
    for (const answer of [await post(located, placed), await post(located, placed)])
      expect(answer.headers.etag).toBe(`"${md5Of(located)}"`);
  });

  test("become a ready row, which the answer is, with the MD5 of what arrived", async () => {
    const bytes = await png();
    const answer = await post(bytes);
    expect(answer.status).toBe(200);
    const media = JSON.parse(answer.body.toString());
    expect(media).toMatchObject({
      filename: "Ärmel.png",
      contentType: "image/png",
      sizeBytes: bytes.length,
      status: "ready",
      visibility: "public",
    });
    expect(answer.headers.etag).toBe(`"${md5Of(bytes)}"`);
    const { key } = media;
    expect((await lab.content("media-public", key))?.equals(bytes)).toBe(true);
    expect(await me.storage.getMetadata({ key })).toMatchObject({ status: "ready" });
  });

  test("sent again under one name, as after a lost answer, are one row", async () => {
    const bytes = await png();
    const said = head({ visibility: "private" });
    const [first, second] = [await post(bytes, { said }), await post(bytes, { said })];
    expect(JSON.parse(second.body.toString()).key).toBe(JSON.parse(first.body.toString()).key);
    expect(second.headers.etag).toBeDefined();
  });

  test("are nobody's without somebody, and refused for what they are not", async () => {
    const bytes = await png();
    expect((await post(bytes, { token: "nobody" })).status).toBe(401);
    expect((await post(bytes, { said: "%" })).status).toBe(400);
    expect((await post(bytes, { type: "text/html" })).status).toBe(415);
    expect((await post(bytes, { said: head({ as: "no-such-rule" }) })).status).toBe(400);
    const before = await me.storage.usage();
    const lie = await post(Buffer.from("<!doctype html><script>1</script>"));
    expect(lie.status).toBe(415);
    expect((await me.storage.usage()).usedBytes).toBe(before.usedBytes);
  });

  test("over the quota are refused before a byte is stored, and hold none of it", async () => {
    const { config } = lab.services;
    const { mediaQuotaBytes } = config;
    config.mediaQuotaBytes = 100;
    const refused = await post(await png());
    config.mediaQuotaBytes = mediaQuotaBytes;
    expect(JSON.parse(refused.body.toString()).error).toMatchObject({ appCode: "QUOTA_EXCEEDED" });
  });

  test("say nothing of a place where they are public; the original is kept", async () => {
    const bytes = await imageOf({ format: "jpeg", width: 400, height: 300, located: true });
    const answer = await post(bytes, { type: "image/jpeg" });
    const { key, sizeBytes } = JSON.parse(answer.body.toString());
    expect(answer.headers.etag).toBe(`"${md5Of(bytes)}"`);
    const open = await lab.content("media-public", key);
    expect(open && bytesHaveLocation(open)).toBe(false);
    expect(sizeBytes).toBe(open?.length);
    expect((await lab.content("media-private", key))?.equals(bytes)).toBe(true);
    expect(await rowOf(key)).toMatchObject({ keepsOriginal: true, placeSearched: true });
  });

  test("lie in one place, and are known there without their row", async () => {
    const answer = await post(await png());
    const { key } = JSON.parse(answer.body.toString());
    expect(await lab.content("media-private", key)).toBeNull();
    const { objects } = lab.services;
    const { userId, etag } = await rowOf(key);
    expect(await objects.describe("media-public", key)).toMatchObject({ label: userId, etag });
  });

  test("whose sender goes away leave nothing, also where nobody can read it yet", async () => {
    const attempt = newAttempt();
    const before = await me.storage.usage();
    const bytes = await png();
    const short = new ReadableStream<Uint8Array>({
      start(body) {
        body.enqueue(bytes.subarray(0, bytes.length - 10));
        body.close();
      },
    });
    const ctx = await requestContext(lab.services, bearer);
    const headers = new Headers({
      "content-length": String(bytes.length),
      "content-type": "image/png",
      "x-fermata-upload": head({ attempt }),
    });
    await expect(receiveMedia(ctx, { headers, body: short })).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
    });
    const row = await lab.services.db.media.findFirstOrThrow({
      where: { fingerprint: { endsWith: attempt } },
    });
    expect(row.status).toBe("failed");
    expect(await lab.content("media-public", row.key)).toBeNull();
    expect(await lab.content("media-private", row.key)).toBeNull();
    expect((await me.storage.usage()).usedBytes).toBe(before.usedBytes);
  });

  test("that were given up before they were stored are not left for the public", async () => {
    const { objects } = lab.services;
    const { put } = objects;
    let key = "";
    objects.put = async (bucket, name, body, facts) => {
      key = name;
      await me.storage.abortUpload({ key });
      return put.call(objects, bucket, name, body, facts);
    };
    const answer = await post(await png());
    objects.put = put;
    expect(answer.status).toBe(409);
    expect(await lab.content("media-public", key)).not.toBeNull();
    await emptyDeletions(jobContext(lab.services));
    expect(await lab.content("media-public", key)).toBeNull();
  });

  test("are told of where a grant is given, and with the usage", async () => {
    const way = (maxBytes: number) => ({ url: "http://fermata.test/api/media/upload", maxBytes });
    const told =
      kind === "disk" ? { direct: way(32 * 1024 * 1024) } : { passOn: way(4 * 1024 * 1024) };
    const { direct, passOn } = await lab.grant();
    expect({ direct, passOn }).toEqual({ direct: undefined, passOn: undefined, ...told });
    expect(await me.storage.usage()).toMatchObject(told);
  });
});

describe("media in one request to a server that passes them on", () => {
  const lab = useStorage("S3");
  const posted = async (sizeBytes: number) => {
    const ctx = await requestContext(lab.services, tokenOf(await createTestUser(lab.services)));
    const headers = new Headers({
      "content-length": String(sizeBytes),
      "content-type": "application/octet-stream",
      "x-fermata-upload": JSON.stringify({ filename: "a.bin", attempt: "an attempt of this test" }),
    });
    return receiveMedia(ctx, { headers, body: new Response(new Uint8Array(sizeBytes)).body });
  };

  test("end where the host before it ends, and where its operator wants none of it", async () => {
    const { config } = lab.services;
    config.maxBodyBytes = 1_000;
    expect((await lab.me.storage.usage()).passOn?.maxBytes).toBe(1_000);
    await expect(posted(1_001)).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    config.passOnBytes = 0;
    expect(await lab.me.storage.usage()).not.toHaveProperty("passOn");
    await expect(posted(10)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("are no more at a time than memory has room for", async () => {
    const { config } = lab.services;
    Object.assign(config, { maxBodyBytes: null, passOnBytes: undefined });
    const rooms = Array.from({ length: 16 }, () => takeRoom(4 * 1024 * 1024));
    expect(takeRoom(1)).toBeNull();
    await expect(posted(10)).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    for (const leave of rooms) leave?.();
    expect((await posted(10)).media.status).toBe("ready");
  });
});

function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
