import { limits } from "@fermata/contract";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { readImageFacts } from "../../images/read-image-facts";
import { sweepOrphans } from "../../media/sweeps/sweep-orphans";
import { appCode, openFileLab, png } from "../../testing/file-lab";
import { imageOf } from "../../testing/sample-images";
import { callerFor, createTestUser, jobContext, requestContext } from "../../testing/test-context";
import { deleteUser } from "../../users/delete-user";
import { serveFile } from "../http";

const lab = await openFileLab();
const { services, server, me, post, upload, storedKeys } = lab;
afterAll(() => lab.close());

const photo = (width = 800) =>
  imageOf({ format: "jpeg", width, height: width / 2, orientation: 6, located: true });
const urlOf = async (storageId: string, width?: 64 | 128 | 256 | 512 | 1024) =>
  (await me.files.getUrl({ storageId, width })) ?? "";
const variantsOf = (fileId: string) => services.db.fileVariant.findMany({ where: { fileId } });

describe("an image that is uploaded", () => {
  test("is described as it is displayed, in metadata and lists", async () => {
    const bytes = await photo();
    const storageId = await upload(bytes, "image/jpeg");
    const facts = await readImageFacts(bytes, { maxPixels: 1e9 });
    const image = { width: 400, height: 800, orientation: 6, thumbHash: facts?.thumbHash };
    expect(await me.files.getMetadata({ storageId })).toMatchObject({ image });
    const { items } = await me.files.list({ limit: 1 });
    expect(items[0]).toMatchObject({ storageId, image });
  });

  test("stays byte for byte as it is", async () => {
    const bytes = await photo();
    const answer = await server.request(await urlOf(await upload(bytes, "image/jpeg")));
    expect(answer.body.equals(bytes)).toBe(true);
  });

  test("is refused for the pixels it declares, and nothing is stored", async () => {
    const bomb = await sharp({
      create: { width: 10_001, height: 5_000, channels: 3, background: "#000" },
    })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(limits.files.maxBytes);
    const before = await storedKeys();
    const { url } = await me.files.generateUploadUrl();
    const answer = await post(url, bomb, { "content-type": "image/png" });
    expect([answer.status, appCode(answer)]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    expect(JSON.parse(answer.text).error.details).toEqual({
      pixels: 50_005_000,
      maxPixels: limits.files.maxImagePixels,
    });
    expect(await storedKeys()).toEqual(before);
    expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(200);
  });

  test("is kept without facts where it cannot be decoded, and cannot be had smaller", async () => {
    const storageId = await upload(png());
    expect(await me.files.getMetadata({ storageId })).not.toHaveProperty("image");
    await expect(me.files.getUrl({ storageId, width: 64 })).rejects.toMatchObject({
      cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
    const answer = await server.request(`${await urlOf(storageId)}&w=64`);
    expect([answer.status, appCode(answer)]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });
});

describe("a smaller copy of an image", () => {
  test("is an upright WebP without a word on where it was taken", async () => {
    const storageId = await upload(await photo(), "image/jpeg");
    const answer = await server.request(await urlOf(storageId, 128));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "image/webp",
      "content-length": String(answer.body.length),
      "content-disposition": "inline",
      "x-content-type-options": "nosniff",
    });
    expect(await readImageFacts(answer.body, { maxPixels: 1e9 })).toMatchObject({
      format: "webp",
      widthPx: 128,
      heightPx: 256,
      orientation: 1,
      hasLocation: false,
    });
  });

  test("is what `&w=` on any URL of the file gives", async () => {
    const storageId = await upload(await photo(), "image/jpeg");
    const url = await urlOf(storageId);
    const small = await server.request(`${url}&w=64`);
    expect((await server.request(await urlOf(storageId, 64))).body.equals(small.body)).toBe(true);
    for (const w of ["65", "0", "-64", "", "64.0", "1e2", "99999", "x"]) {
      const answer = await server.request(`${url}&w=${w}`);
      expect([answer.status, appCode(answer)]).toEqual([400, "INVALID_INPUT"]);
    }
    await expect(me.files.getUrl({ storageId, width: 65 as 64 })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  test("has a validator of its own, ranges and HEAD", async () => {
    const url = await urlOf(await upload(await photo(), "image/jpeg"), 256);
    const head = await server.request(url, { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
    const whole = await server.request(url);
    expect(whole.headers.etag).toBe(head.headers.etag);
    expect(whole.headers.etag).toMatch(/^"[0-9a-f]{64}-w256"$/);
    const get = (headers: Record<string, string>) => server.request(url, { headers });
    expect((await get({ "if-none-match": String(whole.headers.etag) })).status).toBe(304);
    const part = await get({ range: "bytes=10-19" });
    expect(part.status).toBe(206);
    expect(part.body.equals(whole.body.subarray(10, 20))).toBe(true);
  });

  test("is made once, however many ask for it at once", async () => {
    const storageId = await upload(await photo(), "image/jpeg");
    const before = (await storedKeys()).length;
    const url = await urlOf(storageId, 256);
    const answers = await Promise.all(Array.from({ length: 30 }, () => server.request(url)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.toString("hex"))).size).toBe(1);
    expect((await storedKeys()).length).toBe(before + 1);
    const again = await server.request(url);
    expect(again.body.equals(answers[0]?.body ?? Buffer.alloc(0))).toBe(true);
    expect((await storedKeys()).length).toBe(before + 1);
  });

  test("is never wider than the image, and is kept once for all widths above it", async () => {
    const storageId = await upload(await imageOf({ format: "png", width: 200 }));
    for (const width of [256, 512, 1024] as const) {
      const { body } = await server.request(await urlOf(storageId, width));
      expect((await readImageFacts(body, { maxPixels: 1e9 }))?.widthPx).toBe(200);
    }
    expect(await variantsOf(storageId)).toHaveLength(1);
  });

  test("counts against no quota", async () => {
    const them = await callerFor(services, await createTestUser(services));
    const storageId = await upload(await photo(), "image/jpeg", them);
    const { usedBytes } = await them.files.usage();
    const url = await them.files.getUrl({ storageId, width: 512 });
    expect((await server.request(url ?? "")).status).toBe(200);
    expect((await them.files.usage()).usedBytes).toBe(usedBytes);
  });

  test("dies with its file, bytes and all", async () => {
    const before = await storedKeys();
    const storageId = await upload(await photo(), "image/jpeg");
    const url = await urlOf(storageId, 64);
    expect((await server.request(url)).status).toBe(200);
    expect((await storedKeys()).length).toBe(before.length + 2);
    await me.files.delete({ storageId });
    expect((await server.request(url)).status).toBe(404);
    expect(await storedKeys()).toEqual(before);
  });

  test("dies with its account, by the outbox", async () => {
    const leaver = await createTestUser(services);
    const them = await callerFor(services, leaver);
    const storageId = await upload(await photo(), "image/jpeg", them);
    const url = (await them.files.getUrl({ storageId, width: 64 })) ?? "";
    await server.request(url);
    const [variant] = await variantsOf(storageId);
    await deleteUser(services, leaver.id);
    expect((await server.request(url)).status).toBe(404);
    const objectKey = variant?.objectKey ?? "";
    expect(await services.db.deletion.count({ where: { objectKey, storageId } })).toBe(1);
  });

  test("is made anew when its bytes are lost, or its maker died", async () => {
    const storageId = await upload(await photo(), "image/jpeg");
    const url = await urlOf(storageId, 64);
    const first = await server.request(url);
    const [lost] = await variantsOf(storageId);
    await services.objects.delete("files", lost?.objectKey ?? "");
    expect((await server.request(url)).body.equals(first.body)).toBe(true);

    const where = { fileId: storageId };
    const data = { readyAt: null, claimExpiresAt: services.clock.now() };
    await services.db.fileVariant.updateMany({ where, data });
    const [dead] = await variantsOf(storageId);
    expect((await server.request(url)).status).toBe(200);
    const [alive] = await variantsOf(storageId);
    expect(alive?.readyAt).not.toBeNull();
    const objectKey = dead?.objectKey ?? "";
    expect(await services.db.deletion.count({ where: { objectKey } })).toBe(1);
  });

  test("is served and not kept while another process is making it", async () => {
    const storageId = await upload(await photo(), "image/jpeg");
    const now = services.clock.now();
    await services.db.fileVariant.create({
      data: {
        fileId: storageId,
        width: 64,
        objectKey: "another's",
        contentType: "image/webp",
        createdAt: now,
        claimExpiresAt: new Date(now.getTime() + 60_000),
      },
    });
    const before = await storedKeys();
    expect((await server.request(await urlOf(storageId, 64))).status).toBe(200);
    expect(await storedKeys()).toEqual(before);
  });

  test("is known to the sweep", async () => {
    const storageId = await upload(await photo(), "image/jpeg");
    await server.request(await urlOf(storageId, 64));
    services.clock.advance(2 * 86_400);
    const keys = (await variantsOf(storageId)).map(({ objectKey }) => objectKey);
    await sweepOrphans(jobContext(services));
    const queued = await services.db.deletion.count({ where: { objectKey: { in: keys } } });
    expect([keys.length, queued]).toEqual([1, 0]);
  });
});

describe("an origin of their own", () => {
  const filesOrigin = "http://files.test";
  const config = { ...services.config, filesOrigin };

  test("is where URLs of files lead, and where alone they are shown", async () => {
    const user = await createTestUser(services);
    const them = await callerFor({ ...services, config }, user);
    const storageId = await upload(await photo(), "image/jpeg", them);
    const url = (await them.files.getUrl({ storageId, width: 64 })) ?? "";
    expect(new URL(url).origin).toBe(filesOrigin);
    const anywhere = { ...(await requestContext(services)), config };
    const shown = async (origin: string) =>
      (await serveFile({ ...anywhere, origin }, new Request(url), storageId)).headers.get(
        "content-disposition",
      );
    expect(await shown(filesOrigin)).toBe("inline");
    expect(await shown("http://fermata.test")).toBe("attachment");
  });
});
