import { describe, expect, test } from "vitest";
import { bytesHaveLocation } from "../images/has-location";
import { emptyDeletions } from "../outbox/empty-deletions";
import { androidPlace, applePlace, filmWith, place } from "../testing/located-clip";
import { imageOf } from "../testing/sample-images";
import { jobContext } from "../testing/test-context";
import { storeKinds, useStorage } from "../testing/use-storage";
import { sweepOrphans } from "./sweeps/sweep-orphans";

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
