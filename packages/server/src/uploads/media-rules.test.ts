import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { expireUploads } from "../media/sweeps/expire-uploads";
import { emptyDeletions } from "../outbox/empty-deletions";
import { callerFor, createTestUser, jobContext } from "../testing/test-context";
import { storeKinds, useStorage } from "../testing/use-storage";
import { type UploadRules, upload } from "./upload-rule";

describe.each(storeKinds)("a rule for media on %s", (kind) => {
  const lab = useStorage(kind);
  let outcome: () => Promise<void>;

  const uploads = {
    clip: upload({
      kind: "media",
      types: ["video/*"],
      maxBytes: 50_000_000,
      input: z.object({ lessonId: z.string() }),
    }).done(async ({ tx, file, input }) => {
      await tx.query(`UPDATE "Lesson" SET "clipKey" = $1, times = times + 1 WHERE id = $2`, [
        file.storageId,
        input.lessonId,
      ]);
      await outcome();
    }),
    file: upload(),
  } satisfies UploadRules;

  beforeAll(async () => {
    await lab.services.pool.query(
      `CREATE TABLE "Lesson" (id text PRIMARY KEY, "clipKey" text, times int NOT NULL DEFAULT 0)`,
    );
    Object.assign(lab.services, { uploads });
    lab.me = await callerFor(lab.services, await createTestUser(lab.services));
  });
  beforeEach(async () => {
    outcome = async () => {};
    await lab.services.pool.query(
      `INSERT INTO "Lesson" VALUES ('1') ON CONFLICT (id) DO UPDATE SET "clipKey" = NULL, times = 0`,
    );
  });

  const as = { as: "clip", input: { lessonId: "1" } };
  const lesson = async () =>
    (await lab.services.pool.query(`SELECT "clipKey", times FROM "Lesson" WHERE id = '1'`)).rows[0];

  test("does its work once, however often it is completed", async () => {
    const key = await lab.store(lab.video(), as);
    await lab.me.storage.completeUpload({ key });
    expect(await lesson()).toEqual({ clipKey: key, times: 1 });
  });

  test("does its work for parts, too", async () => {
    const bytes = lab.video(6_000_000);
    const { key, partCount, sendPart } = await lab.multipart(bytes, as);
    const parts: { partNumber: number; etag: string }[] = [];
    for (let number = 1; number <= partCount; number++) {
      const { partNumber, etag } = await sendPart(number);
      parts.push({ partNumber, etag });
    }
    const complete = () => lab.me.storage.completeMultipartUpload({ key, parts });
    await Promise.allSettled([complete(), complete(), complete()]);
    expect(await lesson()).toEqual({ clipKey: key, times: 1 });
  });

  test("does its work when the browser was gone before it could say that it was done", async () => {
    const { key, uploadUrl, headers } = await lab.grant({ ...as, sizeBytes: 3_000 });
    expect((await lab.put(uploadUrl, headers, lab.video())).status).toBe(200);
    lab.services.clock.advance(3 * 3600);
    await expireUploads(jobContext(lab.services));
    expect(await lesson()).toEqual({ clipKey: key, times: 1 });
    expect(await lab.me.storage.getMetadata({ key })).toMatchObject({ status: "ready" });
  });

  test("that fails takes everything back, and says why", async () => {
    const before = await lab.me.storage.usage();
    outcome = async () => {
      throw new Error("the lesson is over");
    };
    const { key, uploadUrl, headers } = await lab.grant({ ...as, sizeBytes: 3_000 });
    await lab.put(uploadUrl, headers, lab.video());
    await expect(lab.me.storage.completeUpload({ key })).rejects.toMatchObject({
      cause: { code: "CONFLICT", message: "the lesson is over" },
    });
    expect(await lesson()).toEqual({ clipKey: null, times: 0 });
    expect(await lab.me.storage.usage()).toEqual(before);
    lab.services.clock.advance(3 * 3600);
    await emptyDeletions(jobContext(lab.services));
    for (const bucket of ["media-public", "media-private"] as const)
      expect(await lab.services.objects.head(bucket, key)).toBeNull();
  });

  test.each([
    ["a rule for files", { as: "file" }, "INVALID_INPUT"],
    ["an input that does not fit", { as: "clip" }, "INVALID_INPUT"],
    ["another type", { ...as, contentType: "audio/mpeg" }, "UNSUPPORTED_MEDIA_TYPE"],
    ["too much", { ...as, sizeBytes: 50_000_001 }, "PAYLOAD_TOO_LARGE"],
  ])("refuses %s before a byte is sent", async (_, more, code) => {
    await expect(lab.grant(more)).rejects.toMatchObject({ cause: { code } });
  });
});
