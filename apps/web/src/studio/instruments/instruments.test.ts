import { deleteUser, newId, processMedia, purgeUnattached } from "@fermata/server/internal";
import { sampleFile } from "@fermata/server/testing/media-corpus";
import { readyMedia } from "@fermata/server/testing/ready-media";
import { clipOf } from "@fermata/server/testing/sample-clip";
import { imageOf } from "@fermata/server/testing/sample-images";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callerFor, createTestUser, jobContext, openFileLab } from "../testing/studio-lab";
import { slugOf } from "./slugs";

const lab = await openFileLab();
const { services, me, other, upload } = lab;
const visitor = await callerFor(services, null);
afterAll(() => lab.close());

let photo: Buffer;
let clip: Buffer;
beforeAll(async () => {
  photo = await imageOf({ format: "jpeg", width: 700, height: 500, located: true });
  clip = await clipOf({ container: "mp4", seconds: 2 });
});

const addPhoto = (who = me, visibility: "public" | "private" = "public") =>
  readyMedia(services, who, photo, { contentType: "image/jpeg", visibility });
const addClip = () => readyMedia(services, me, clip, { contentType: "video/mp4" });
const rejected = (code: string) => ({ cause: { code } });

async function processed(key: string): Promise<string> {
  const { id } = await services.db.media.findUniqueOrThrow({ where: { key } });
  await processMedia(services, { mediaId: id, round: 1 }, { isLastAttempt: true });
  return key;
}

/** An instrument with three photos, in the order in which they were added. */
async function withThreePhotos() {
  const { instrumentId } = await me.instruments.create({ name: "Osterlind 204" });
  const keys = [(await addPhoto()).key, (await addPhoto()).key, (await addPhoto()).key];
  const { media } = await me.instruments.addMedia({ instrumentId, keys });
  return { instrumentId, keys, itemIds: media.map(({ itemId }) => itemId) };
}

describe("what is said of it", () => {
  test("is kept, changed in part, and emptied", async () => {
    const made = await me.instruments.create({
      name: "  Aurelius No. 214 ",
      maker: "Aurelius, Leipzig",
      year: "1908",
      workshopNotes: [{ when: "Nov 2023", text: "Taken down to the rim." }],
    });
    expect(made).toMatchObject({
      name: "Aurelius No. 214",
      slug: "aurelius-no-214",
      maker: "Aurelius, Leipzig",
      serial: null,
      publishedAt: null,
      media: [],
      attachments: [],
    });
    const { instrumentId } = made;
    await me.instruments.update({ instrumentId, serial: "41 907", maker: "" });
    expect(await me.instruments.get({ instrumentId })).toMatchObject({
      serial: "41 907",
      maker: null,
      year: "1908",
      workshopNotes: [{ when: "Nov 2023", text: "Taken down to the rim." }],
    });
    await me.instruments.update({ instrumentId, workshopNotes: [] });
    expect((await me.instruments.get({ instrumentId })).workshopNotes).toEqual([]);
  });

  test("contact and links take addresses only", async () => {
    const make = (contact: string) => me.instruments.create({ name: "Contact", contact });
    await expect(make("javascript:alert(1)")).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(
      me.instruments.create({ name: "x", viewingUrl: "data:text/html,x" }),
    ).rejects.toMatchObject({ code: "BAD_REQUEST" });
    expect((await make("shop@example.com")).contact).toBe("shop@example.com");
    expect((await make("")).contact).toBeNull();
  });

  test("slugs are made of names, numbered when taken, and refused when asked for and taken", async () => {
    expect(slugOf("Blüthner Übungsflügel, Øystein № 3")).toBe("bluthner-ubungsflugel-oystein-no-3");
    expect(slugOf("钢琴")).toBe("instrument");
    const name = `Twin ${newId().replace(/[^a-z]/gi, "")}`;
    const made = await Promise.all([1, 2, 3].map(() => me.instruments.create({ name })));
    const slug = slugOf(name);
    expect(made.map((one) => one.slug).toSorted()).toEqual([slug, `${slug}-2`, `${slug}-3`]);
    await expect(other.instruments.create({ name, slug })).rejects.toMatchObject(
      rejected("CONFLICT"),
    );
    const { instrumentId } = await other.instruments.create({ name });
    await expect(other.instruments.update({ instrumentId, slug })).rejects.toMatchObject(
      rejected("CONFLICT"),
    );
    await expect(me.instruments.create({ name, slug: "../etc" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });
});

describe("photos and clips", () => {
  test("stand in the order of adding, then in the order given", async () => {
    const { instrumentId, keys, itemIds } = await withThreePhotos();
    const again = await me.instruments.addMedia({ instrumentId, keys: [keys[1] ?? ""] });
    expect(again.media.map((item) => item.media.key)).toEqual(keys);
    const turned = itemIds.toReversed();
    const after = await me.instruments.reorderMedia({ instrumentId, itemIds: turned });
    expect(after.media.map((item) => item.media.key)).toEqual(keys.toReversed());
    const late = await me.instruments.addMedia({ instrumentId, keys: [(await addClip()).key] });
    expect(late.media.map(({ itemId }) => itemId).slice(0, 3)).toEqual(turned);
    expect(late).toMatchObject({ photoCount: 3, clipCount: 1 });
  });

  test("are put before those that were chosen after them and were ready sooner", async () => {
    const { instrumentId, keys } = await withThreePhotos();
    const [first = "", second = ""] = keys;
    const [a, b, c] = [await addPhoto(), await addPhoto(), await addPhoto()];
    const add = (media: { key: string }[], before: string[]) =>
      me.instruments.addMedia({ instrumentId, keys: media.map(({ key }) => key), before });
    await add([a, b], [second, keys[2] ?? ""]);
    const { media } = await add([c], [newId()]);
    const order = [first, a.key, b.key, second, keys[2], c.key];
    expect(media.map((item) => item.media.key)).toEqual(order);
  });

  test("an order that is not of exactly its items is refused and changes nothing", async () => {
    const { instrumentId, itemIds } = await withThreePhotos();
    const [a = "", b = "", c = ""] = itemIds;
    for (const wrong of [[a, b], [a, b, b], [a, b, newId()], [a, b, c, newId()], []]) {
      await expect(
        me.instruments.reorderMedia({ instrumentId, itemIds: wrong }),
      ).rejects.toMatchObject(rejected("CONFLICT"));
    }
    const { media } = await me.instruments.get({ instrumentId });
    expect(media.map(({ itemId }) => itemId)).toEqual(itemIds);
  });

  test("many orders at once leave one of them whole", async () => {
    const { instrumentId, itemIds } = await withThreePhotos();
    const [a = "", b = "", c = ""] = itemIds;
    const orders = [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ];
    await Promise.all(
      orders.map((order) => me.instruments.reorderMedia({ instrumentId, itemIds: order })),
    );
    const { media } = await me.instruments.get({ instrumentId });
    expect(orders).toContainEqual(media.map(({ itemId }) => itemId));
  });

  test("only ready photos and clips of one's own are added, all or none", async () => {
    const { instrumentId } = await me.instruments.create({ name: "Strict" });
    const mine = await addPhoto();
    const theirs = await addPhoto(other);
    const pending = await me.storage.getUploadUrl({ filename: "x", contentType: "image/png" });
    const pdf = await readyMedia(services, me, Buffer.from("%PDF-1.7\n1 0 obj"), {
      contentType: "application/pdf",
    });
    const add = (key: string) => me.instruments.addMedia({ instrumentId, keys: [mine.key, key] });
    await expect(add(theirs.key)).rejects.toMatchObject(rejected("NOT_FOUND"));
    await expect(add(newId())).rejects.toMatchObject(rejected("NOT_FOUND"));
    await expect(add(pending.key)).rejects.toMatchObject(rejected("CONFLICT"));
    await expect(add(pdf.key)).rejects.toMatchObject(rejected("UNSUPPORTED_MEDIA_TYPE"));
    expect((await me.instruments.get({ instrumentId })).media).toEqual([]);
  });

  test("a film that no browser plays is refused in words, and nothing of its batch is added", async () => {
    const { instrumentId } = await me.instruments.create({ name: "Old camera" });
    const { key } = await readyMedia(services, me, Buffer.from("FLV\x01\x05\0\0\0\x09\0\0\0\0"), {
      contentType: "video/x-flv",
    });
    const keys = [(await addPhoto()).key, key];
    await expect(me.instruments.addMedia({ instrumentId, keys })).rejects.toMatchObject({
      ...rejected("UNSUPPORTED_MEDIA_TYPE"),
      message: "No browser plays video/x-flv on a page. As MP4 or WebM it can be shown.",
    });
    expect((await me.instruments.get({ instrumentId })).media).toEqual([]);
  });

  test("sounds are clips, and stand for an instrument no more than documents do", async () => {
    const { instrumentId, slug } = await me.instruments.create({ name: "Heard" });
    const { key } = await readyMedia(services, me, await sampleFile("tone.mp3"), {
      contentType: "audio/mpeg",
    });
    const heard = await me.instruments.addMedia({ instrumentId, keys: [key] });
    expect(heard).toMatchObject({ photoCount: 0, clipCount: 1, coverItemId: null });
    const page = await me.instruments.getPublic({ slug });
    expect(page?.items).toMatchObject([{ kind: "clip", contentType: "audio/mpeg", picture: null }]);
    const { items } = await me.instruments.list({});
    expect(items.find((item) => item.instrumentId === instrumentId)?.cover).toBeNull();
  });

  test("the cover is the chosen one, and another when that is taken off or deleted", async () => {
    const { instrumentId, keys, itemIds } = await withThreePhotos();
    const [first = "", second = ""] = itemIds;
    expect((await me.instruments.get({ instrumentId })).coverItemId).toBe(first);
    const chosen = await me.instruments.updateMedia({
      instrumentId,
      itemId: second,
      alt: "The keyboard",
      cover: true,
    });
    expect(chosen.coverItemId).toBe(second);
    expect(chosen.media[1]).toMatchObject({ alt: "The keyboard", caption: "" });
    const without = await me.instruments.removeMedia({ instrumentId, itemId: second });
    expect(without.coverItemId).toBe(first);
    expect(await me.storage.getMetadata({ key: keys[1] ?? "" })).not.toBeNull();
    await me.storage.delete({ key: keys[0] ?? "" });
    expect(await me.instruments.get({ instrumentId })).toMatchObject({
      coverItemId: itemIds[2],
      photoCount: 1,
    });
  });

  test("the list of media says which instruments show each", async () => {
    const { instrumentId, keys } = await withThreePhotos();
    const { items } = await me.storage.list({ limit: 100 });
    const found = items.find(({ key }) => key === keys[0]);
    expect(found?.instruments).toEqual([{ instrumentId, name: "Osterlind 204" }]);
  });
});

describe("documents", () => {
  test("are kept from the purge while attached, and purged a day after they are released", async () => {
    const { instrumentId } = await me.instruments.create({ name: "With a report" });
    const storageId = await upload();
    const { attachments } = await me.instruments.attachFile({
      instrumentId,
      storageId,
      title: "Condition report",
    });
    expect(attachments).toMatchObject([{ storageId, title: "Condition report" }]);
    expect((await me.files.getMetadata({ storageId }))?.attachedTo).toMatchObject({
      relation: "instrument.attachment",
    });
    services.clock.advance(3 * 86_400);
    await purgeUnattached(jobContext(services));
    expect(await me.files.getMetadata({ storageId })).not.toBeNull();

    await me.instruments.delete({ instrumentId });
    services.clock.advance(86_400 - 60);
    await purgeUnattached(jobContext(services));
    expect(await me.files.getMetadata({ storageId })).not.toBeNull();
    services.clock.advance(4 * 86_400);
    await purgeUnattached(jobContext(services));
    expect(await me.files.getMetadata({ storageId })).toBeNull();
  });

  test("belong to one owner, and go when their file is deleted", async () => {
    const { instrumentId } = await me.instruments.create({ name: "One owner" });
    const storageId = await upload();
    const attach = () => me.instruments.attachFile({ instrumentId, storageId, title: "Report" });
    const [{ attachmentId } = { attachmentId: "" }] = (await attach()).attachments;
    await expect(attach()).rejects.toMatchObject(rejected("CONFLICT"));
    await expect(me.profile.setAvatar({ storageId })).rejects.toMatchObject(rejected("CONFLICT"));
    await me.instruments.detachFile({ instrumentId, attachmentId });
    await attach();
    await me.files.delete({ storageId });
    expect((await me.instruments.get({ instrumentId })).attachments).toEqual([]);
    const theirs = await upload(undefined, undefined, other);
    await expect(
      me.instruments.attachFile({ instrumentId, storageId: theirs, title: "Theirs" }),
    ).rejects.toMatchObject(rejected("NOT_FOUND"));
  });

  test("a user can go, whose instruments, media and documents refer to each other", async () => {
    const user = await createTestUser(services);
    const them = await callerFor(services, user);
    const { instrumentId } = await them.instruments.create({ name: "Farewell" });
    const { key } = await addPhoto(them);
    await them.instruments.addMedia({ instrumentId, keys: [key] });
    const storageId = await upload(undefined, undefined, them);
    await them.instruments.attachFile({ instrumentId, storageId, title: "Report" });
    await deleteUser(services, user.id);
    await services.db.user.delete({ where: { id: user.id } });
    expect(await services.db.instrument.count({ where: { id: instrumentId } })).toBe(0);
    expect(await services.db.file.count({ where: { id: storageId } })).toBe(0);
  });
});

describe("the public page", () => {
  test("shows a published instrument to everybody, and a draft to its owner alone", async () => {
    const { instrumentId, keys } = await withThreePhotos();
    const { slug } = await me.instruments.get({ instrumentId });
    expect(await visitor.instruments.getPublic({ slug })).toBeNull();
    expect(await other.instruments.getPublic({ slug })).toBeNull();
    expect(await me.instruments.getPublic({ slug })).toMatchObject({ published: false });

    await processed(keys[0] ?? "");
    const { publishedAt } = await me.instruments.publish({ instrumentId, published: true });
    services.clock.advance(60);
    const again = await me.instruments.publish({ instrumentId, published: true });
    expect(again.publishedAt).toBe(publishedAt);
    const shown = await visitor.instruments.getPublic({ slug });
    expect(shown).toMatchObject({ name: "Osterlind 204", published: true });
    expect(shown?.items).toHaveLength(3);
    // The original says where it was taken; what was made of it does not.
    expect(shown?.items[0]?.url).not.toContain(keys[0]);
    expect(shown?.items[0]?.picture?.variants.length).toBeGreaterThan(0);
    expect(JSON.stringify(shown)).not.toContain(instrumentId);

    await me.instruments.publish({ instrumentId, published: false });
    expect(await visitor.instruments.getPublic({ slug })).toBeNull();
    expect(await visitor.instruments.getPublic({ slug: "no-such" })).toBeNull();
  });

  test("shows clips with the pictures that stand for them, and private media by signed URLs", async () => {
    const { instrumentId, slug } = await me.instruments.create({ name: "Moving" });
    const film = await processed((await addClip()).key);
    const poster = await processed((await addPhoto()).key);
    await me.storage.setPoster({ key: film, posterKey: poster });
    const hidden = await processed((await addPhoto(me, "private")).key);
    await me.instruments.addMedia({ instrumentId, keys: [film, hidden] });
    await expect(me.instruments.addMedia({ instrumentId, keys: [poster] })).rejects.toMatchObject(
      rejected("CONFLICT"),
    );
    await me.instruments.publish({ instrumentId, published: true });
    const shown = await visitor.instruments.getPublic({ slug });
    expect(shown?.items[0]).toMatchObject({
      kind: "clip",
      durationSeconds: 2,
      picture: { thumbHash: expect.any(String) },
    });
    expect(shown?.items[0]?.url).toContain(film);
    expect(shown?.items[1]?.url).toMatch(/signature=/i);
    expect(shown?.coverItemId).toBe(shown?.items[1]?.itemId);
  });

  test("its documents are read by anybody as long as it is published", async () => {
    const { instrumentId, slug } = await me.instruments.create({ name: "Readable" });
    const storageId = await upload();
    await me.instruments.attachFile({ instrumentId, storageId, title: "Report" });
    await me.instruments.publish({ instrumentId, published: true });
    const shown = await visitor.instruments.getPublic({ slug });
    const url = shown?.attachments[0]?.url ?? "";
    expect((await lab.server.request(url)).status).toBe(200);
    const forged = url.replace(/viewer=[^&]+/, `viewer=instrument%3A${newId()}`);
    expect((await lab.server.request(forged)).status).toBe(403);
    await me.instruments.publish({ instrumentId, published: false });
    expect((await lab.server.request(url)).status).toBe(404);
  });
});

test("somebody else's instrument answers exactly as a missing one", async () => {
  const { instrumentId, itemIds, keys } = await withThreePhotos();
  const storageId = await upload(undefined, undefined, other);
  const theirKey = (await addPhoto(other)).key;
  const itemId = itemIds[0] ?? "";
  for (const id of [instrumentId, newId()]) {
    const on = { instrumentId: id };
    const attempts = [
      other.instruments.get(on),
      other.instruments.update({ ...on, name: "Mine" }),
      other.instruments.delete(on),
      other.instruments.addMedia({ ...on, keys: [theirKey] }),
      other.instruments.updateMedia({ ...on, itemId, alt: "x" }),
      other.instruments.removeMedia({ ...on, itemId }),
      other.instruments.reorderMedia({ ...on, itemIds }),
      other.instruments.attachFile({ ...on, storageId, title: "x" }),
      other.instruments.detachFile({ ...on, attachmentId: newId() }),
      other.instruments.publish({ ...on, published: true }),
    ];
    for (const result of await Promise.allSettled(attempts))
      expect(result).toMatchObject({ status: "rejected", reason: rejected("NOT_FOUND") });
  }
  const unchanged = await me.instruments.get({ instrumentId });
  expect(unchanged).toMatchObject({ name: "Osterlind 204", publishedAt: null });
  expect(unchanged.media.map((item) => item.media.key)).toEqual(keys);
  expect((await other.instruments.list()).items.map((one) => one.instrumentId)).not.toContain(
    instrumentId,
  );
});

test("an item of another instrument of one's own is not found", async () => {
  const { itemIds } = await withThreePhotos();
  const { instrumentId } = await me.instruments.create({ name: "Elsewhere" });
  const at = { instrumentId, itemId: itemIds[0] ?? "" };
  for (const attempt of [
    () => me.instruments.updateMedia({ ...at, cover: true }),
    () => me.instruments.removeMedia(at),
  ])
    await expect(attempt()).rejects.toMatchObject(rejected("NOT_FOUND"));
});

test("a list comes in pages, newest first, with covers", async () => {
  const them = await callerFor(services, await createTestUser(services));
  const { key } = await addPhoto(them);
  for (const name of ["One", "Two", "Three"]) {
    const { instrumentId } = await them.instruments.create({ name });
    await them.instruments.addMedia({ instrumentId, keys: [key] });
    services.clock.advance(1);
  }
  const first = await them.instruments.list({ limit: 2 });
  expect(first.items.map(({ name }) => name)).toEqual(["Three", "Two"]);
  const second = await them.instruments.list({ limit: 2, cursor: first.nextCursor });
  expect(second.items.map(({ name }) => name)).toEqual(["One"]);
  expect(second.items[0]?.cover?.url).toContain(key);
});
