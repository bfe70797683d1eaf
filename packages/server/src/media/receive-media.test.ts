import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DiskObjectStore } from "../adapters/object-store/disk";
import { httpRequest } from "../testing/http-request";
import { imageOf } from "../testing/sample-images";
import { serveFetch } from "../testing/serve-fetch";
import { callerFor, createTestUser, requestContext, tokenOf } from "../testing/test-context";
import { useStorage } from "../testing/use-storage";
import { receiveMedia } from "./http";

describe("media in one request", () => {
  const lab = useStorage("disk");
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
      const { handle } = lab.services.objects as DiskObjectStore;
      return receiveMedia(ctx, request, (put) => handle(put));
    });
  });
  afterAll(() => server.close());

  let attempts = 0;
  const newAttempt = () => `attempt-number-${++attempts}-of-this-test`;
  const head = (more: object = {}) =>
    encodeURIComponent(JSON.stringify({ filename: "Ärmel.png", attempt: newAttempt(), ...more }));
  const post = (body: Uint8Array, { said = head(), type = "image/png", token = "" } = {}) =>
    httpRequest(server.origin, {
      method: "POST",
      headers: {
        "content-length": String(body.byteLength),
        "content-type": type,
        "x-fermata-upload": said,
        authorization: `Bearer ${token || bearer}`,
      },
      body,
    });
  const png = () => imageOf({ format: "png", width: 40, height: 30 });

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
    expect(answer.headers.etag).toBe(`"${createHash("md5").update(bytes).digest("hex")}"`);
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

  test("are told of where a grant is given, and with the usage", async () => {
    const direct = {
      url: "http://fermata.test/api/media/upload",
      maxBytes: 32 * 1024 * 1024,
    };
    expect(await lab.grant()).toMatchObject({ direct });
    expect(await me.storage.usage()).toMatchObject({ direct });
  });
});
