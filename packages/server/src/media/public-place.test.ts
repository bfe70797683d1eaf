import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bytesHaveLocation } from "../images/has-location";
import { emptyDeletions } from "../outbox/empty-deletions";
import { androidPlace, applePlace, filmWith, place } from "../testing/located-clip";
import { imageOf } from "../testing/sample-images";
import { jobContext } from "../testing/test-context";
import { storeKinds, useStorage } from "../testing/use-storage";
import { ReaderDied } from "../workbench/reader-died";
import { nextUnsearchedAt, stripPublicPlaces } from "./sweeps/strip-public-places";
import { sweepOrphans } from "./sweeps/sweep-orphans";
import { publishObject } from "./uploads/publish-object";
import { settleUpload } from "./uploads/settle-upload";

describe.each(storeKinds)("what the public can read on %s", (kind) => {
  const lab = useStorage(kind);
  const { put, request, store, content } = lab;
  const rowOf = (key: string) => lab.services.db.media.findUniqueOrThrow({ where: { key } });
  const photo = () => imageOf({ format: "jpeg", width: 400, height: 300, located: true });
  const asPhoto = { filename: "IMG_1.jpg", contentType: "image/jpeg" };

  test("says nothing of where a photo was taken; its owner's is whole", async () => {
    const bytes = await photo();
    const key = await store(bytes, { ...asPhoto, sizeBytes: bytes.length });
    const open = await content("media-public", key);
    expect(open && bytesHaveLocation(open)).toBe(false);
    const media = await lab.me.storage.getMetadata({ key });
    expect(media?.sizeBytes).toBe(open?.length);
    const url = (await lab.me.storage.getUrl({ key })) ?? "";
    expect(url).not.toBe(media?.publicUrl);
    expect((await request(url)).body.equals(bytes)).toBe(true);
    expect((await rowOf(key)).etag).toBe(
      (await lab.services.objects.head("media-public", key))?.etag,
    );
    expect((await lab.me.storage.list()).items[0]?.url).toBe(media?.publicUrl);
  });

  test("says nothing of where a film in parts was made", async () => {
    const bytes = await filmWith(androidPlace, applePlace);
    const upload = await lab.me.storage.createMultipartUpload({
      filename: "clip.mov",
      contentType: "video/quicktime",
      sizeBytes: bytes.length,
    });
    const { key } = upload;
    const { urls } = await lab.me.storage.signParts({ key, parts: [{ partNumber: 1 }] });
    const [part] = urls;
    const sent = await put(part?.url ?? "", part?.headers ?? {}, bytes);
    const parts = [{ partNumber: 1, etag: String(sent.headers.etag) }];
    await lab.me.storage.completeMultipartUpload({ key, parts });
    const open = await content("media-public", key);
    expect(open?.length).toBe(bytes.length);
    expect(open?.includes(place)).toBe(false);
    expect((await content("media-private", key))?.equals(bytes)).toBe(true);
    expect(await rowOf(key)).toMatchObject({ status: "ready", keepsOriginal: true });
  });

  test("fails no film whose parts are compared while another completion takes its place out", async () => {
    const bytes = await filmWith(androidPlace);
    const upload = await lab.multipart(bytes, { contentType: "video/quicktime" });
    const { key, uploadId } = upload;
    const { partNumber, etag } = await upload.sendPart(1);
    const found = await rowOf(key);
    const { objects } = lab.services;
    await objects.completeMultipartUpload("media-public", key, uploadId, [{ partNumber, etag }]);
    const info = await objects.head("media-public", key);
    const looked = { signature: null, whole: null };
    expect(info && (await publishObject(lab.services, found, info, looked))).toMatchObject({
      keepsOriginal: true,
    });
    const md5 = createHash("md5").update(bytes).digest("base64");
    const settled = await settleUpload(lab.services, found, [{ partNumber, md5 }]);
    expect(settled).toMatchObject({ status: "ready", keepsOriginal: true });
    expect((await content("media-public", key))?.includes(place)).toBe(false);
    expect((await content("media-private", key))?.equals(bytes)).toBe(true);
  });

  test("is the upload itself where it says no place, and private media keep theirs", async () => {
    const plain = await imageOf({ format: "jpeg" });
    const open = await store(plain, asPhoto);
    expect((await content("media-public", open))?.equals(plain)).toBe(true);
    expect(await rowOf(open)).toMatchObject({ keepsOriginal: false });
    const bytes = await photo();
    const hidden = await store(bytes, { ...asPhoto, visibility: "private" });
    expect((await content("media-private", hidden))?.equals(bytes)).toBe(true);
  });

  test("says nothing of it, whatever type it was called", async () => {
    const key = await store(await photo(), { contentType: "application/octet-stream" });
    const open = await content("media-public", key);
    expect(open && bytesHaveLocation(open)).toBe(false);
  });

  test("keeps an original as long as its row, and no longer", async () => {
    const key = await store(await photo(), asPhoto);
    lab.services.clock.advance(2 * 86_400);
    await sweepOrphans(jobContext(lab.services));
    await emptyDeletions(jobContext(lab.services));
    expect(await content("media-private", key)).not.toBeNull();
    await lab.me.storage.delete({ key });
    await emptyDeletions(jobContext(lab.services));
    expect(await content("media-private", key)).toBeNull();
    expect(await content("media-public", key)).toBeNull();
  });

  describe("of releases that published it", () => {
    /** As such a release left it. */
    async function publishedThen(bytes: Buffer, said: object) {
      const key = await store(await imageOf({ format: "jpeg" }), { ...asPhoto, ...said });
      const { objects, db } = lab.services;
      // Long ago: what landed in the private bucket is gone.
      await db.deletion.deleteMany({ where: { objectKey: key } });
      await objects.delete("media-private", key);
      await objects.delete("media-public", key);
      await objects.put("media-public", key, bytes, { contentType: "image/jpeg" });
      const etag = (await objects.head("media-public", key))?.etag ?? "";
      await db.media.update({
        where: { key },
        data: { placeSearched: false, etag, sizeBytes: bytes.length },
      });
      return key;
    }
    const strip = () => stripPublicPlaces(jobContext(lab.services));

    test("no longer says it once they are looked at, each once; originals are their owners'", async () => {
      await strip();
      expect(await nextUnsearchedAt(lab.services)).toBeNull();
      const bytes = await photo();
      const telling = await publishedThen(bytes, {});
      const unnamed = await publishedThen(bytes, { contentType: "application/octet-stream" });
      const plain = await imageOf({ format: "jpeg", width: 300, height: 200 });
      const silent = await publishedThen(plain, {});
      expect(await nextUnsearchedAt(lab.services)).not.toBeNull();
      expect(await strip()).toEqual({ seen: 3, stripped: 2, left: 0 });
      for (const key of [telling, unnamed]) {
        const open = await content("media-public", key);
        expect(open?.length).toBe(bytes.length);
        expect(open && bytesHaveLocation(open)).toBe(false);
        expect((await content("media-private", key))?.equals(bytes)).toBe(true);
        const { etag, keepsOriginal } = await rowOf(key);
        expect(keepsOriginal).toBe(true);
        expect(etag).toBe((await lab.services.objects.head("media-public", key))?.etag);
        const url = (await lab.me.storage.getUrl({ key })) ?? "";
        expect((await request(url)).body.equals(bytes)).toBe(true);
      }
      expect((await content("media-public", silent))?.equals(plain)).toBe(true);
      expect(await content("media-private", silent)).toBeNull();
      expect(await strip()).toEqual({ seen: 0, stripped: 0, left: 0 });
    });

    test("is taken up where a run died, and goes with its row", async () => {
      const bytes = await photo();
      const key = await publishedThen(bytes, {});
      const { copyPatched } = lab.services.objects;
      lab.services.objects.copyPatched = async () => {
        throw new Error("the process ended");
      };
      await expect(strip()).rejects.toThrow("the process ended");
      lab.services.objects.copyPatched = copyPatched;
      expect((await content("media-private", key))?.equals(bytes)).toBe(true);
      expect(await strip()).toMatchObject({ seen: 1, stripped: 1 });
      const open = await content("media-public", key);
      expect(open && bytesHaveLocation(open)).toBe(false);
      await lab.me.storage.delete({ key });
      await emptyDeletions(jobContext(lab.services));
      for (const bucket of ["media-private", "media-public"] as const)
        expect(await content(bucket, key)).toBeNull();
    });

    test("waits until what landed there is gone, and keeps nobody else's waiting", async () => {
      const keys = [await publishedThen(await photo(), {}), await publishedThen(await photo(), {})];
      // The one that is looked at first is the one that waits.
      const rows = await lab.services.db.media.findMany({
        where: { key: { in: keys } },
        orderBy: { id: "asc" },
      });
      const [held = "", other = ""] = rows.map(({ key }) => key);
      const { id } = await lab.services.db.deletion.create({
        data: {
          bucket: "media-private",
          objectKey: held,
          sizeBytes: 1,
          nextAttemptAt: new Date(lab.services.clock.now().getTime() + 3_600_000),
        },
      });
      await expect(strip()).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await rowOf(other)).toMatchObject({ keepsOriginal: true, placeSearched: true });
      expect(await rowOf(held)).toMatchObject({ keepsOriginal: false, placeSearched: false });
      await lab.services.db.deletion.delete({ where: { id } });
      expect(await strip()).toEqual({ seen: 1, stripped: 1, left: 0 });
    });

    test("is named where it cannot be told, and looked at no more", async () => {
      const key = await publishedThen(await photo(), {});
      const { workbench } = lab.services;
      const pictureLocation = workbench.pictureLocation;
      workbench.pictureLocation = async () => {
        throw new ReaderDied("a reader ended by SIGSEGV");
      };
      expect(await strip()).toEqual({ seen: 1, stripped: 0, left: 1 });
      workbench.pictureLocation = pictureLocation;
      expect(await strip()).toMatchObject({ seen: 0 });
      expect(await rowOf(key)).toMatchObject({ keepsOriginal: false });
    });
  });

  test("is taken up where an attempt to publish it died", async () => {
    const bytes = await photo();
    const granted = await lab.grant({ ...asPhoto, sizeBytes: bytes.length });
    const { key } = granted;
    await put(granted.uploadUrl, granted.headers, bytes);
    const { copyPatched } = lab.services.objects;
    lab.services.objects.copyPatched = async () => {
      throw new Error("the process ended");
    };
    await expect(lab.me.storage.completeUpload({ key })).rejects.toThrow();
    lab.services.objects.copyPatched = copyPatched;
    expect(await content("media-public", key)).toBeNull();
    expect(await lab.me.storage.completeUpload({ key })).toMatchObject({ status: "ready" });
    const open = await content("media-public", key);
    expect(open && bytesHaveLocation(open)).toBe(false);
  });
});
