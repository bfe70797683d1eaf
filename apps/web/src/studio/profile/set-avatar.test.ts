import { createHash } from "node:crypto";
import { emptyDeletions, hasGps, readImageFacts } from "@fermata/server/internal";
import { imageOf } from "@fermata/server/testing/sample-images";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { callerFor, jobContext, openFileLab, png } from "../testing/studio-lab";

const lab = await openFileLab();
const { services, server, user, me, other, upload, storedKeys } = lab;
afterAll(() => lab.close());

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

describe("a picture that says where it was taken", () => {
  const located = () =>
    imageOf({ format: "jpeg", width: 400, height: 200, orientation: 6, located: true });
  const rowOf = (id: string) => services.db.file.findUniqueOrThrow({ where: { id } });
  const bytesOf = async (storageId: string) =>
    (await server.request((await me.files.getUrl({ storageId })) ?? "")).body;

  test("stops saying it when it becomes an avatar, and is the same picture", async () => {
    const original = await located();
    const storageId = await upload(original, "image/jpeg");
    const before = await rowOf(storageId);
    const { usedBytes } = await me.files.usage();
    const { avatarUrl } = await me.profile.setAvatar({ storageId });
    const { body } = await server.request(avatarUrl ?? "");
    expect(await readImageFacts(body, { maxPixels: 1e9 })).toMatchObject({
      hasLocation: false,
      orientation: 6,
      widthPx: 200,
      heightPx: 400,
    });
    const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
    expect((await pixels(body)).equals(await pixels(original))).toBe(true);

    const metadata = await me.files.getMetadata({ storageId });
    expect(metadata).toMatchObject({
      sizeBytes: body.length,
      sha256: createHash("sha256").update(body).digest("hex"),
      attachedTo: { relation: "user.avatar" },
    });
    expect((await me.files.usage()).usedBytes).toBe(usedBytes - original.length + body.length);
    // The bytes that said it are gone from the store.
    const after = await rowOf(storageId);
    expect(after.objectKey).not.toBe(before.objectKey);
    const keys = await storedKeys();
    expect([keys.includes(before.objectKey), keys.includes(after.objectKey)]).toEqual([
      false,
      true,
    ]);
  });

  test("of somebody else's is not touched", async () => {
    const storageId = await upload(await located(), "image/jpeg");
    await me.profile.setAvatar({ storageId });
    const { objectKey } = await rowOf(storageId);
    await expect(other.profile.setAvatar({ storageId })).rejects.toMatchObject({
      cause: { code: "NOT_FOUND" },
    });
    expect((await rowOf(storageId)).objectKey).toBe(objectKey);
  });

  test("that cannot be decoded is searched all the same", async () => {
    const image = await located();
    const exif = (await sharp(image).metadata()).exif ?? Buffer.alloc(0);
    const storageId = await upload(Buffer.concat([png(200), exif, png(200)]));
    await me.profile.setAvatar({ storageId });
    expect([hasGps(exif), hasGps(await bytesOf(storageId))]).toEqual([true, false]);
  });

  test("leaves nothing behind when the server dies between the bytes and the row", async () => {
    const storageId = await upload(await located(), "image/jpeg");
    const { objectKey } = await rowOf(storageId);
    const dying = {
      ...services,
      objects: {
        ...services.objects,
        put: async (...args: Parameters<typeof services.objects.put>) => {
          await services.objects.put(...args);
          throw new Error("the server died");
        },
      },
    };
    const them = await callerFor(dying, user);
    await expect(them.profile.setAvatar({ storageId })).rejects.toThrow("the server died");
    expect((await rowOf(storageId)).objectKey).toBe(objectKey);
    expect((await bytesOf(storageId)).length).toBeGreaterThan(0);
    services.clock.advance(3600);
    await emptyDeletions(jobContext(services));
    const files = await services.db.file.findMany({ select: { objectKey: true } });
    expect((await storedKeys()).toSorted()).toEqual(files.map((file) => file.objectKey).toSorted());
  });
});

test("any other avatar stays byte for byte what was uploaded", async () => {
  const bytes = await imageOf({ format: "jpeg", orientation: 6 });
  const storageId = await upload(bytes, "image/jpeg");
  const { avatarUrl } = await me.profile.setAvatar({ storageId });
  expect((await server.request(avatarUrl ?? "")).body.equals(bytes)).toBe(true);
  expect((await server.request(`${avatarUrl}&w=64`)).headers["content-type"]).toBe("image/webp");
});
