import { createHash, randomBytes } from "node:crypto";
import { limits } from "@fermata/contract";
import { describe, expect, test } from "vitest";
import { sampleOf } from "../testing/sample-bytes";
import { callerFor, createTestUser } from "../testing/test-context";
import { storeKinds, useStorage } from "../testing/use-storage";

type Caller = Awaited<ReturnType<typeof callerFor>>;

const mib = 1024 * 1024;

describe.each(storeKinds)("an upload in parts on %s", (kind) => {
  const lab = useStorage(kind);
  const { request, put, video, grant, content, multipart } = lab;

  test("goes in any order, resumes from what is recorded, and ends as one object", async () => {
    const bytes = video(17 * mib + 123);
    const upload = await multipart(bytes);
    expect(upload).toMatchObject({ partSizeBytes: 8 * mib, partCount: 3 });
    const { key } = upload;
    const third = await upload.sendPart(3);
    const first = await upload.sendPart(1);
    // A browser says what it sent with its next call; the disk knows by itself.
    await lab.me.storage.signParts({ key, parts: [{ partNumber: 2 }], uploaded: [third, first] });
    const { parts } = await lab.me.storage.listParts({ key });
    expect(parts).toMatchObject([
      { partNumber: 1, sizeBytes: 8 * mib, etag: first.etag },
      { partNumber: 3, sizeBytes: mib + 123, etag: third.etag },
    ]);
    const second = await upload.sendPart(2);
    expect(await lab.services.objects.head("media-public", key)).toBeNull();

    const media = await lab.me.storage.completeMultipartUpload({ key, parts: [second, ...parts] });
    expect(media).toMatchObject({ status: "ready", sizeBytes: bytes.length });
    expect((await content("media-public", key))?.equals(bytes)).toBe(true);
    expect(await lab.me.storage.completeMultipartUpload({ key, parts })).toEqual(media);
  });

  test("can begin with what opened it, where a part brings its checksum itself", async () => {
    const upload = await multipart(video(8 * mib + 10), { signFirst: 4 });
    expect(upload.comparesDigests).toBe(kind === "disk");
    expect(upload.etagIsMd5).toBe(kind === "S3");
    if (kind === "S3") return;
    expect(upload.urls?.map(({ partNumber }) => partNumber)).toEqual([1, 2]);
    const second = upload.urls?.[1];
    const send = (body: Uint8Array, headers: Record<string, string> = {}) =>
      put(second?.url ?? "", { ...second?.headers, ...headers }, body);
    expect((await send(randomBytes(9))).status).toBe(403);
    const part = upload.cut(2);
    const hash = (algorithm: string) => createHash(algorithm).update(part);
    const [sha256, md5] = [hash("sha256").digest("hex"), hash("md5").digest("hex")];
    const digest = `sha-256=${hash("sha256").digest("base64")}`;
    const contentMd5 = hash("md5").digest("base64");
    const other = randomBytes(part.length);
    expect((await send(other, { digest })).status).toBe(400);
    expect((await send(other, { "content-md5": contentMd5 })).status).toBe(400);
    for (const name of ["digest", "content-md5"])
      expect((await send(part, { [name]: "sha-256=none" })).status).toBe(400);
    // Whoever tells nothing is told what arrived.
    expect((await send(part)).headers.etag).toBe(`"${md5}"`);
    const wanted = await send(part, { "want-digest": "sha-256" });
    expect([wanted.headers.etag, wanted.headers.digest]).toEqual([`"${sha256}"`, digest]);
    expect((await send(part, { "content-md5": contentMd5 })).headers.etag).toBe(`"${md5}"`);
    expect((await send(part, { digest })).headers.etag).toBe(`"${sha256}"`);
  });

  test("has parts that left unhashed compared once they are one, where the ETags of parts tell nothing", async () => {
    if (kind === "disk") return;
    const bytes = video(8 * mib + 10);
    const md5Of = (body: Uint8Array) => createHash("md5").update(body).digest("base64");
    const send = async () => {
      const upload = await multipart(bytes, { signFirst: 2, partSizeBytes: 5 * mib });
      const parts = await Promise.all(
        [1, 2].map(async (partNumber) => {
          const signed = upload.urls?.[partNumber - 1];
          const { headers } = await put(signed?.url ?? "", {}, upload.cut(partNumber));
          const md5 = md5Of(upload.cut(partNumber));
          return { partNumber, etag: String(headers.etag), md5 };
        }),
      );
      return { key: upload.key, parts: parts as [(typeof parts)[0], (typeof parts)[0]] };
    };
    const complete = (key: string, parts: object[]) =>
      lab.me.storage.completeMultipartUpload({ key, parts: parts as never });
    const right = await send();
    expect(await complete(right.key, right.parts.toReversed())).toMatchObject({ status: "ready" });
    expect((await content("media-public", right.key))?.equals(bytes)).toBe(true);
    // By the bytes, where not all are told.
    const { key, parts } = await send();
    const [{ md5: _, ...first }, second] = parts;
    expect(await complete(key, [first, second])).toMatchObject({ status: "ready" });

    for (const told of [0, 1]) {
      const wrong = await send();
      const isRefused = expect.objectContaining({ code: "CHECKSUM_MISMATCH" });
      const parts = wrong.parts.map((part, at) =>
        at === told ? { ...part, md5: md5Of(randomBytes(9)) } : part,
      );
      const only =
        told === 0
          ? parts
          : [first, ...parts.slice(1)].map((part, at) => ({
              ...part,
              etag: wrong.parts[at]?.etag,
            }));
      const completing = complete(wrong.key, only);
      await expect(completing).rejects.toMatchObject({ cause: isRefused });
      expect(await lab.me.storage.getMetadata({ key: wrong.key })).toMatchObject({
        status: "failed",
      });
      await expect.poll(() => content("media-public", wrong.key)).toBeNull();
      // Whoever lost the answer hears the same, and sends it anew.
      await expect(complete(wrong.key, only)).rejects.toMatchObject({
        cause: { code: "CHECKSUM_MISMATCH", details: { algorithm: "md5" } },
      });
    }
  });

  test("has no parts read again that are too large to have left unhashed", async () => {
    if (kind === "disk") return;
    const partSizeBytes = 17 * mib;
    const upload = await multipart(video(partSizeBytes + 10), { signFirst: 2, partSizeBytes });
    expect(upload.urls).toBeUndefined();
    const md5 = createHash("md5").update("others").digest("base64");
    const sent = [await upload.sendPart(1), await upload.sendPart(2)];
    const parts = sent.map(({ partNumber, etag }) => ({ partNumber, etag, md5 }));
    const completing = lab.me.storage.completeMultipartUpload({ key: upload.key, parts });
    expect(await completing).toMatchObject({ status: "ready" });
  });

  test("ends with whichever part is the last to arrive, where its sender says that it may be", async () => {
    const bytes = video(16 * mib + 10);
    const upload = await multipart(bytes, { signFirst: 3 });
    expect(upload.completesWithLast).toBe(kind === "disk");
    if (kind === "S3") return;
    const { key } = upload;
    const send = (partNumber: number, headers: Record<string, string>) => {
      const signed = upload.urls?.[partNumber - 1];
      return put(signed?.url ?? "", { ...signed?.headers, ...headers }, upload.cut(partNumber));
    };
    const last = { "upload-complete": "?1" };
    expect((await send(3, last)).text).toBe("");
    // All are there, and nobody said that it was the last.
    for (const partNumber of [1, 2]) expect((await send(partNumber, {})).text).toBe("");
    expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "pending" });
    const { status, text } = await send(2, last);
    expect(status).toBe(200);
    const media = JSON.parse(text);
    expect(media).toMatchObject({ key, status: "ready", sizeBytes: bytes.length });
    expect(media).toEqual(await lab.me.storage.getMetadata({ key }));
    expect((await content("media-public", key))?.equals(bytes)).toBe(true);
    const parts = [1, 2, 3].map((partNumber) => ({ partNumber, etag: "any" }));
    expect(await lab.me.storage.completeMultipartUpload({ key, parts })).toEqual(media);
    expect((await send(2, last)).status).toBe(404);
  });

  test("says why it may not become media to whoever sends the part that ends it", async () => {
    const upload = await multipart(sampleOf("mp4", mib), {
      contentType: "image/png",
      signFirst: 1,
    });
    if (kind === "S3") return;
    const signed = upload.urls?.[0];
    const headers = { ...signed?.headers, "upload-complete": "?1" };
    const answer = await put(signed?.url ?? "", headers, upload.cut(1));
    const { appCode, details } = JSON.parse(answer.text).error;
    expect([answer.status, appCode]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    expect(details).toMatchObject({ contentType: "image/png" });
    const md5 = createHash("md5").update(upload.cut(1)).digest("hex");
    expect(answer.headers.etag).toBe(`"${md5}"`);
    expect(await content("media-public", upload.key)).toBeNull();
    const parts = [{ partNumber: 1, etag: String(answer.headers.etag) }];
    await expect(
      lab.me.storage.completeMultipartUpload({ key: upload.key, parts }),
    ).rejects.toMatchObject({ cause: { code: "UNSUPPORTED_MEDIA_TYPE" } });
  });

  test("signs each part to its exact length and checksum", async () => {
    const upload = await multipart(video(8 * mib + 10));
    const { key } = upload;
    const short = await upload.sendPart(2, randomBytes(9));
    expect(short.status).toBe(403);
    const md5 = createHash("md5").update(upload.cut(2)).digest("base64");
    const { urls } = await lab.me.storage.signParts({ key, parts: [{ partNumber: 2, md5 }] });
    const [signed] = urls;
    expect(signed?.headers).toEqual({ "content-md5": md5 });
    const send = (body: Uint8Array) => put(signed?.url ?? "", signed?.headers ?? {}, body);
    expect((await send(randomBytes(10))).status).toBe(400);
    expect((await send(upload.cut(2))).status).toBe(200);
  });

  test("says which checksum the store takes, and holds the part against it", async () => {
    const bytes = video(8 * mib + 10);
    const upload = await multipart(bytes);
    const { key, checksum, knowsParts } = upload;
    expect([checksum, knowsParts]).toEqual(kind === "disk" ? ["sha256", true] : ["md5", false]);
    const sha256 = createHash("sha256").update(upload.cut(2)).digest("hex");
    const sign = (checksums: object) =>
      lab.me.storage.signParts({ key, parts: [{ partNumber: 2, ...checksums }] });
    const md5 = createHash("md5").update(upload.cut(2)).digest("base64");
    await expect(sign({ md5, sha256 })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    if (kind === "S3") {
      await expect(sign({ sha256 })).rejects.toMatchObject({ cause: { code: "INVALID_INPUT" } });
      return;
    }
    const [signed] = (await sign({ sha256: sha256.toUpperCase() })).urls;
    const send = (body: Uint8Array) => put(signed?.url ?? "", signed?.headers ?? {}, body);
    const refused = await send(randomBytes(10));
    expect([refused.status, JSON.parse(refused.text).error.appCode]).toEqual([
      400,
      "CHECKSUM_MISMATCH",
    ]);
    expect((await send(upload.cut(2))).status).toBe(200);
    const first = await upload.sendPart(1);
    const { parts } = await lab.me.storage.listParts({ key });
    const firstMd5 = createHash("md5").update(upload.cut(1)).digest("base64");
    expect(parts).toEqual([
      { partNumber: 1, sizeBytes: 8 * mib, etag: first.etag, md5: firstMd5 },
      { partNumber: 2, sizeBytes: 10, etag: expect.any(String), sha256 },
    ]);
    await lab.me.storage.completeMultipartUpload({ key, parts });
    expect((await content("media-public", key))?.equals(bytes)).toBe(true);
  });

  test("refuses numbers that it has not, twice the same, and too few", async () => {
    const upload = await multipart(video(8 * mib + 10));
    const { key } = upload;
    const invalid = { cause: { code: "INVALID_INPUT" } };
    const sign = (...numbers: number[]) =>
      lab.me.storage.signParts({ key, parts: numbers.map((partNumber) => ({ partNumber })) });
    await expect(sign(3)).rejects.toMatchObject(invalid);
    await expect(sign(1, 1)).rejects.toMatchObject(invalid);
    const [one, two] = [await upload.sendPart(1), await upload.sendPart(2)];
    const complete = (parts: { partNumber: number; etag: string }[]) =>
      lab.me.storage.completeMultipartUpload({ key, parts });
    await expect(complete([one, one])).rejects.toMatchObject(invalid);
    await expect(complete([one, two, { ...one, partNumber: 3 }])).rejects.toMatchObject(invalid);
    await expect(complete([one])).rejects.toMatchObject({
      cause: { code: "UPLOAD_INCOMPLETE", details: { missing: [2], partCount: 2 } },
    });
    await expect(complete([one, { ...two, etag: one.etag }])).rejects.toMatchObject({
      cause: { code: "UPLOAD_INCOMPLETE" },
    });
    const bare = { ...two, etag: two.etag.replaceAll('"', "") };
    expect(await complete([bare, one])).toMatchObject({ status: "ready" });
  });

  test("of other bytes than it was called fails and deletes them", async () => {
    const upload = await multipart(sampleOf("png", 9 * mib));
    const { key } = upload;
    const parts = [await upload.sendPart(1), await upload.sendPart(2)];
    await expect(lab.me.storage.completeMultipartUpload({ key, parts })).rejects.toMatchObject({
      cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
    expect(await lab.services.objects.head("media-public", key)).toBeNull();
    expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "failed" });
  });

  test("that the store completed and nobody recorded ends well", async () => {
    const bytes = video(1000);
    const upload = await multipart(bytes);
    const { key, uploadId } = upload;
    const parts = [await upload.sendPart(1)];
    await lab.services.objects.completeMultipartUpload("media-public", key, uploadId, parts);
    expect(await lab.me.storage.completeMultipartUpload({ key, parts })).toMatchObject({
      status: "ready",
    });
    expect((await content("media-public", key))?.equals(bytes)).toBe(true);
  });

  test("can be completed by several at once", async () => {
    const upload = await multipart(video(1000));
    const { key } = upload;
    const parts = [await upload.sendPart(1)];
    const rows = await Promise.all(
      Array.from({ length: 5 }, () => lab.me.storage.completeMultipartUpload({ key, parts })),
    );
    expect(rows.map((row) => row.status)).toEqual(Array(5).fill("ready"));
  });

  test("is no upload in one PUT, and the other way round", async () => {
    const upload = await multipart(video(1000));
    await expect(lab.me.storage.completeUpload({ key: upload.key })).rejects.toMatchObject({
      cause: { code: "UPLOAD_INCOMPLETE" },
    });
    const { key } = await grant();
    const conflict = { cause: { code: "CONFLICT" } };
    await expect(
      lab.me.storage.signParts({ key, parts: [{ partNumber: 1 }] }),
    ).rejects.toMatchObject(conflict);
    await expect(
      lab.me.storage.completeMultipartUpload({ key, parts: [{ partNumber: 1, etag: "x" }] }),
    ).rejects.toMatchObject(conflict);
  });

  test("takes parts in any order, again and again: the last of each counts", async () => {
    const bytes = video(17 * mib);
    const upload = await multipart(bytes);
    const { key } = upload;
    const wrong = await upload.sendPart(2, randomBytes(8 * mib));
    const sent = [await upload.sendPart(3), await upload.sendPart(2), await upload.sendPart(1)];
    if (kind === "S3") {
      const stale = [sent[0], wrong, sent[2]].flatMap((part) => part ?? []);
      await expect(
        lab.me.storage.completeMultipartUpload({ key, parts: stale }),
      ).rejects.toMatchObject({ cause: { code: "UPLOAD_INCOMPLETE" } });
    }
    await lab.me.storage.completeMultipartUpload({ key, parts: sent });
    expect((await content("media-public", key))?.equals(bytes)).toBe(true);
  });

  test("of public media cannot be read before it is complete, and goes to where it is read", async () => {
    const bytes = video(9 * mib);
    const upload = await multipart(bytes);
    const { key } = upload;
    const parts = [await upload.sendPart(1), await upload.sendPart(2)];
    for (const bucket of ["media-public", "media-private"] as const) {
      expect(await lab.services.objects.head(bucket, key)).toBeNull();
    }
    if (kind === "disk") expect((await request(upload.publicUrl ?? "")).status).toBe(404);
    await lab.me.storage.completeMultipartUpload({ key, parts });
    if (kind === "disk") {
      expect((await request(upload.publicUrl ?? "")).body.equals(bytes)).toBe(true);
    }
    // Straight to its place: nothing lies anywhere else.
    expect(await lab.services.objects.head("media-private", key)).toBeNull();
  });

  test("signs a thousand parts in one call, and no more", async () => {
    const sizeBytes = 1001 * 8 * mib;
    const { key } = await lab.me.storage.createMultipartUpload({
      filename: "long.mp4",
      contentType: "video/mp4",
      sizeBytes,
    });
    const numbers = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ partNumber: index + 1 }));
    const { urls } = await lab.me.storage.signParts({ key, parts: numbers(1000) });
    expect(new Set(urls.map(({ url }) => url)).size).toBe(1000);
    expect(urls.map(({ partNumber }) => partNumber)).toEqual(
      numbers(1000).map(({ partNumber }) => partNumber),
    );
    await expect(lab.me.storage.signParts({ key, parts: numbers(1001) })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    await lab.me.storage.abortUpload({ key });
  });

  test.each([
    [1, 1],
    [8 * mib, 1],
    [8 * mib + 1, 2],
    [limits.storage.maxBytes, 9996],
  ])("of %i bytes is granted with %i parts", async (sizeBytes, partCount) => {
    const upload = await lab.me.storage.createMultipartUpload({
      filename: "a.mp4",
      contentType: "video/mp4",
      sizeBytes,
    });
    expect(upload.partCount).toBe(partCount);
    await lab.me.storage.abortUpload({ key: upload.key });
  });

  test("of nothing, or more than an object may hold, is not granted", async () => {
    for (const sizeBytes of [0, limits.storage.maxBytes + 1]) {
      await expect(
        lab.me.storage.createMultipartUpload({
          filename: "a.mp4",
          contentType: "video/mp4",
          sizeBytes,
        }),
      ).rejects.toMatchObject({ code: "BAD_REQUEST" });
    }
  });

  test.each([0, 1, -1])("of exactly two parts and %i bytes ends whole", async (more) => {
    const bytes = video(16 * mib + more);
    const upload = await multipart(bytes);
    const { key } = upload;
    const parts = [];
    for (let number = 1; number <= upload.partCount; number++) {
      parts.push(await upload.sendPart(number));
    }
    expect(upload.partCount).toBe(more > 0 ? 3 : 2);
    await lab.me.storage.completeMultipartUpload({ key, parts });
    expect((await content("media-public", key))?.equals(bytes)).toBe(true);
  });

  describe("that is continued", () => {
    const open = (who: Caller, more: object = {}) =>
      who.storage.createMultipartUpload({
        filename: "film.mp4",
        contentType: "video/mp4",
        sizeBytes: 20 * mib,
        fingerprint: "sha256-of-this-film",
        ...more,
      });

    test("is the open one of the same user, file, size, type and visibility", async () => {
      const first = await open(lab.me);
      expect(first.resumed).toBe(false);
      expect(await open(lab.me)).toEqual({ ...first, resumed: true });
      const others = [
        await open(lab.me, { fingerprint: "sha256-of-another" }),
        await open(lab.me, { fingerprint: undefined }),
        await open(lab.me, { sizeBytes: 20 * mib + 1 }),
        await open(lab.me, { contentType: "video/webm" }),
        await open(lab.me, { visibility: "private" }),
        await open(lab.other),
      ];
      expect(new Set([first, ...others].map(({ key }) => key)).size).toBe(7);
      await lab.me.storage.abortUpload({ key: first.key });
      const anew = await open(lab.me);
      expect([anew.resumed, anew.key === first.key]).toEqual([false, false]);
    });

    test("by another session ends with the one that names its parts, since two may send two files of one fingerprint", async () => {
      const [mine, theirs] = [video(2 * mib), Buffer.alloc(2 * mib, 7)];
      const more = { fingerprint: "two-takes", signFirst: 2, partSizeBytes: mib };
      if (kind === "S3") return;
      const upload = await multipart(mine, more);
      const other = await multipart(theirs, more);
      expect([other.key, other.resumed]).toEqual([upload.key, true]);
      const { key } = upload;
      await other.sendPart(2);
      const [first] = upload.urls ?? [];
      const last = { ...first?.headers, "upload-complete": "?1" };
      const sent = await put(first?.url ?? "", last, upload.cut(1));
      expect([sent.status, sent.text]).toEqual([200, ""]);
      expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "pending" });
      const parts = [
        { partNumber: 1, etag: String(sent.headers.etag) },
        await upload.sendPart(2),
      ].map(({ partNumber, etag }) => ({ partNumber, etag }));
      await lab.me.storage.completeMultipartUpload({ key, parts });
      expect((await content("media-public", key))?.equals(mine)).toBe(true);
    });

    test("is one, whoever of many sessions asks first", async () => {
      const them = await callerFor(lab.services, await createTestUser(lab.services));
      const opened = await Promise.all(Array.from({ length: 8 }, () => open(them)));
      expect(new Set(opened.map(({ key, uploadId }) => `${key} ${uploadId}`)).size).toBe(1);
      expect(opened.filter(({ resumed }) => !resumed)).toHaveLength(1);
      expect((await them.storage.usage()).usedBytes).toBe(20 * mib);
    });

    test("can be opened although its opener died before the store knew of it", async () => {
      const them = await callerFor(lab.services, await createTestUser(lab.services));
      const { key } = await open(them);
      await lab.services.db.media.update({ where: { key }, data: { uploadId: null } });
      const [one, two] = await Promise.all([open(them), open(them)]);
      expect(one.uploadId).not.toBe("");
      expect([two.key, two.uploadId]).toEqual([key, one.uploadId]);
    });

    test("is listed with what the store has of it, and no more once it is over", async () => {
      const them = await callerFor(lab.services, await createTestUser(lab.services));
      const { key } = await open(them);
      const uploaded = [{ partNumber: 2, etag: "x", md5: "kAFQmDzST7DWlj99KOF/cg==" }];
      await them.storage.signParts({ key, parts: [], uploaded });
      expect(await them.storage.listUnfinished()).toEqual({
        items: [
          {
            key,
            filename: "film.mp4",
            contentType: "video/mp4",
            sizeBytes: 20 * mib,
            visibility: "public",
            uploadedBytes: 8 * mib,
            fingerprint: "sha256-of-this-film",
            createdAt: expect.any(String),
            expiresAt: expect.any(String),
          },
        ],
      });
      expect((await them.storage.listParts({ key })).parts).toEqual([
        { partNumber: 2, sizeBytes: 8 * mib, etag: '"x"', md5: "kAFQmDzST7DWlj99KOF/cg==" },
      ]);
      await them.storage.abortUpload({ key });
      expect(await them.storage.listUnfinished()).toEqual({ items: [] });
    });
  });
});
