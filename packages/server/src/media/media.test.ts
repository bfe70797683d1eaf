import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";
import type { Services } from "../context";
import { cronJobs } from "../crons/registry";
import { AppError } from "../ground/errors";
import { newId } from "../ground/secrets";
import { emptyDeletions } from "../outbox/empty-deletions";
import { composeCronServer } from "../testing/cron-server";
import { flacWithoutFrame } from "../testing/hostile-bytes";
import { sampleFile } from "../testing/media-corpus";
import { readyMedia } from "../testing/ready-media";
import { sampleOf } from "../testing/sample-bytes";
import { clipOf } from "../testing/sample-clip";
import { avifSequenceOf, imageOf, scanOf } from "../testing/sample-images";
import { startS3 } from "../testing/start-s3";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
} from "../testing/test-context";
import { openWorkbench } from "../workbench/open-workbench";
import { ReaderDied } from "../workbench/reader-died";
import { lookAtStore } from "./owner/look-at-store";
import { processMedia } from "./processing/process-media";
import { resumeProcessing } from "./processing/resume-processing";
import { findMissingBytes } from "./sweeps/find-missing-bytes";
import { sweepOrphans } from "./sweeps/sweep-orphans";
import { storeMedia } from "./verbs/store-media";

type Caller = Awaited<ReturnType<typeof callerFor>>;

let services: TestServices;
let me: Caller;
let other: Caller;
/** What engines were asked for. */
const requests: { mediaId: string; round: number }[] = [];
let engineIsAway = false;

beforeAll(async () => {
  services = await createTestServices({
    jobs: {
      engine: "embedded",
      appId: "fermata",
      includedExecutions: null,
      dashboardUrl: null,
      runCron: async () => {},
      processMedia: async (asked) => {
        if (engineIsAway) throw new Error("connect ECONNREFUSED 10.0.0.1");
        requests.push(...asked);
      },
      runSlots: async () => {},
      hint: () => {},
      hintQueued: () => {},
      resumeRun: async () => {},
      runQueued: async () => {},
      sendEvent: async () => {},
      onHint: () => {},
      runUrl: () => null,
    },
  });
  await lookAtStore(services);
  me = await callerFor(services, await createTestUser(services));
  other = await callerFor(services, await createTestUser(services));
});
afterAll(() => services.dispose());

const rowOf = (key: string) => services.db.media.findUniqueOrThrow({ where: { key } });
const variantsOf = (mediaId: string) =>
  services.db.mediaVariant.findMany({ where: { mediaId }, orderBy: [{ width: "asc" }] });

/** As an engine would: the newest request for it. */
async function process(key: string, base: Services = services, isLastAttempt = false) {
  const { id, processingRound } = await rowOf(key);
  return processMedia(base, { mediaId: id, round: processingRound }, { isLastAttempt });
}

async function bytesOf(bucket: "media-public" | "media-private", key: string) {
  const found = await services.objects.get(bucket, key);
  return found && Buffer.from(await new Response(found.body).arrayBuffer());
}

describe("pictures", () => {
  test("get their size, a placeholder and smaller copies, and are usable before that", async () => {
    const picture = await imageOf({ format: "jpeg", width: 1600, height: 900 });
    const ready = await readyMedia(services, me, picture, { contentType: "image/jpeg" });
    expect(ready).toMatchObject({ status: "ready", processing: { state: "processing" } });
    const requestId = expect.any(String);
    const { id: mediaId, userId } = await rowOf(ready.key);
    expect(requests.at(-1)).toEqual({ mediaId, userId, round: 1, requestId });

    expect(await process(ready.key)).toBe("ready");
    const media = await me.storage.getMetadata({ key: ready.key });
    expect(media).toMatchObject({
      width: 1600,
      height: 900,
      thumbHash: expect.stringMatching(/^[\w+/]{20,}={0,2}$/),
      processing: { state: "ready" },
    });
    const made = media?.variants?.map(({ width, height, contentType }) => [
      contentType,
      width,
      height,
    ]);
    expect(made).toEqual(
      ["image/avif", "image/webp"].flatMap((type) => [
        [type, 320, 180],
        [type, 640, 360],
        [type, 960, 540],
        [type, 1280, 720],
        [type, 1600, 900],
      ]),
    );
    for (const { key, contentType, sizeBytes } of await variantsOf((await rowOf(ready.key)).id)) {
      const bytes = await bytesOf("media-public", key);
      expect(bytes?.length).toBe(sizeBytes);
      const isAvif = bytes?.toString("latin1", 8, 12) === "avif";
      const isWebp = bytes?.toString("latin1", 8, 12) === "WEBP";
      expect(contentType).toBe(isAvif ? "image/avif" : isWebp ? "image/webp" : "unknown");
    }
  });

  test("turned ones are measured as they are seen, and their copies say nothing of a place", async () => {
    const picture = await imageOf({
      format: "jpeg",
      width: 800,
      height: 400,
      orientation: 6,
      located: true,
    });
    expect(picture.includes("Exif")).toBe(true);
    const { key } = await readyMedia(services, me, picture, { contentType: "image/jpeg" });
    await process(key);
    expect(await me.storage.getMetadata({ key })).toMatchObject({ width: 400, height: 800 });
    const copies = await variantsOf((await rowOf(key)).id);
    expect(copies.length).toBeGreaterThan(0);
    for (const copy of copies) {
      const bytes = await bytesOf("media-public", copy.key);
      expect(bytes?.includes("Exif")).toBe(false);
      expect(bytes?.includes("Maja")).toBe(false);
    }
  });

  test("a scan of several pages is shown by its first one, in every format", async () => {
    const pages = [30, 60].map((height) => ({ width: 40, height, grey: 90 }));
    const { key } = await readyMedia(services, me, scanOf(pages), { contentType: "image/tiff" });
    expect(await process(key)).toBe("ready");
    const { variants = [], ...media } = (await me.storage.getMetadata({ key })) ?? {};
    expect(media).toMatchObject({ width: 40, height: 30 });
    expect(variants.map(({ contentType }) => contentType)).toEqual(["image/avif", "image/webp"]);
  });

  test("an AVIF that moves has still copies, or is shown as itself where it holds no still one", async () => {
    const bytes = await avifSequenceOf({ width: 40, height: 30 });
    const alone = Buffer.from(bytes);
    // The brands that it may also be read as.
    for (let at = 16; at < alone.readUInt32BE(0); at += 4) alone.write("msf1", at, "latin1");
    const found = [];
    for (const one of [bytes, alone]) {
      const { key } = await readyMedia(services, me, one, { contentType: "image/avif" });
      expect(await process(key)).toBe("ready");
      found.push(await me.storage.getMetadata({ key }));
    }
    expect(found[0]).toMatchObject({ width: 40, variants: { length: 2 } });
    expect([found[1]?.processing, found[1]?.variants]).toEqual([{ state: "ready" }, undefined]);
  });

  test("private ones have private copies, read by signed URLs", async () => {
    const picture = await imageOf({ format: "png", width: 400, height: 300 });
    const { key } = await readyMedia(services, me, picture, {
      contentType: "image/png",
      visibility: "private",
    });
    await process(key);
    const media = await me.storage.getMetadata({ key });
    const [copy] = await variantsOf((await rowOf(key)).id);
    expect(media?.variants?.[0]?.url).toMatch(/signature=/i);
    expect(await services.objects.head("media-public", copy?.key ?? "")).toBeNull();
    expect(await services.objects.head("media-private", copy?.key ?? "")).not.toBeNull();
  });

  test("processing again changes nothing, and takes up what an attempt that died left", async () => {
    const picture = await imageOf({ format: "png", width: 500, height: 500 });
    const { key } = await readyMedia(services, me, picture, { contentType: "image/png" });
    const { id } = await rowOf(key);
    let puts = 0;
    const dying: Services = {
      ...services,
      objects: {
        ...services.objects,
        put: (...args) => {
          if (++puts > 2) throw new Error("killed");
          return services.objects.put(...args);
        },
      },
    };
    await expect(process(key, dying)).rejects.toThrow("killed");
    const before = await variantsOf(id);
    expect(before.filter(({ readyAt }) => readyAt === null)).toHaveLength(1);
    expect(await me.storage.getMetadata({ key })).toMatchObject({
      status: "ready",
      processing: { state: "processing" },
    });

    expect(await process(key)).toBe("ready");
    const after = await variantsOf(id);
    expect(after.map(({ width }) => width)).toEqual([320, 320, 500, 500]);
    expect(after.every(({ readyAt }) => readyAt !== null)).toBe(true);
    // What was whole is not made twice.
    const kept = before.filter(({ readyAt }) => readyAt !== null).map((copy) => copy.key);
    expect(after.map((copy) => copy.key)).toEqual(expect.arrayContaining(kept));
    expect(await process(key)).toBe("skipped");
    expect(await variantsOf(id)).toEqual(after);
  });

  test("two that process at once make each copy once", async () => {
    const picture = await imageOf({ format: "png", width: 700, height: 500 });
    const { key } = await readyMedia(services, me, picture, { contentType: "image/png" });
    const { id } = await rowOf(key);
    await Promise.allSettled([process(key), process(key)]);
    await process(key);
    const copies = await variantsOf(id);
    expect(copies.map(({ width, contentType }) => `${width} ${contentType}`).toSorted()).toEqual(
      ["320", "640", "700"].flatMap((width) => [`${width} image/avif`, `${width} image/webp`]),
    );
    await emptyDeletions(jobContext(services));
    expect(await findMissingBytes(jobContext(services))).toMatchObject({ missing: 0 });
  });
});

describe("failures", () => {
  test("a picture that cannot be read is usable, says why, and can be tried again", async () => {
    const { key } = await readyMedia(services, me, sampleOf("jpeg"), {
      contentType: "image/jpeg",
    });
    expect(await process(key)).toBe("failed");
    expect(await me.storage.getMetadata({ key })).toMatchObject({
      status: "ready",
      processing: { state: "failed", reason: expect.stringContaining("cannot be read") },
    });
    expect(await me.storage.getUrl({ key })).toContain(key);

    const again = await me.storage.reprocess({ key });
    expect(again.processing).toEqual({ state: "processing" });
    expect(requests.at(-1)).toMatchObject({ round: 2 });
    await expect(other.storage.reprocess({ key })).rejects.toThrow();
  });

  test("the reason is a sentence of its own, whoever gives it", async () => {
    const picture = await imageOf({ format: "png" });
    const { key } = await readyMedia(services, me, picture, { contentType: "image/png" });
    const refusing: Services = {
      ...services,
      workbench: {
        ...services.workbench,
        resizeImage: async () => {
          const reason = "the image cannot be decoded";
          throw new AppError("UNSUPPORTED_MEDIA_TYPE", { reason });
        },
      },
    };
    expect(await process(key, refusing)).toBe("failed");
    expect((await rowOf(key)).processingError).toBe(
      "The image cannot be decoded. The original is as it was.",
    );
  });

  test("a store that is away fails the attempt, and only the last attempt fails the media", async () => {
    const picture = await imageOf({ format: "png" });
    const { key } = await readyMedia(services, me, picture, { contentType: "image/png" });
    const cut: Services = {
      ...services,
      objects: {
        ...services.objects,
        get: async () => {
          throw new Error("connect ETIMEDOUT");
        },
      },
    };
    await expect(process(key, cut)).rejects.toThrow("ETIMEDOUT");
    expect((await rowOf(key)).processing).toBe("processing");
    expect(await process(key, cut, true)).toBe("failed");
    expect((await rowOf(key)).processingError).toContain("Try again");
    await me.storage.reprocess({ key });
    expect(await process(key)).toBe("ready");
  });

  test("making anew what is ready leaves no bytes behind", async () => {
    const picture = await imageOf({ format: "png", width: 300 });
    const { key } = await readyMedia(services, me, picture, { contentType: "image/png" });
    await process(key);
    const before = await variantsOf((await rowOf(key)).id);
    await me.storage.reprocess({ key });
    await process(key);
    await emptyDeletions(jobContext(services));
    for (const copy of before)
      expect(await services.objects.head("media-public", copy.key)).toBeNull();
    const after = await variantsOf((await rowOf(key)).id);
    expect(after).toHaveLength(before.length);
    for (const copy of after)
      expect(await services.objects.head("media-public", copy.key)).not.toBeNull();
  });

  test("completing an upload succeeds while the engine is away, and the job asks again", async () => {
    engineIsAway = true;
    const picture = await imageOf({ format: "png" });
    const ready = await readyMedia(services, me, picture, { contentType: "image/png" });
    engineIsAway = false;
    expect(ready.status).toBe("ready");
    const { id } = await rowOf(ready.key);
    await resumeProcessing(jobContext(services));
    expect(requests.some(({ mediaId }) => mediaId === id)).toBe(false);
    services.clock.advance(31 * 60);
    await resumeProcessing(jobContext(services));
    expect(requests.filter(({ mediaId }) => mediaId === id)).toMatchObject([
      { mediaId: id, round: 2 },
    ]);
    // The request of the round before is no longer wanted.
    const old = { mediaId: id, round: 1 };
    expect(await processMedia(services, old, { isLastAttempt: false })).toBe("skipped");
    expect(await process(ready.key)).toBe("ready");
  });

  test("what is neither picture nor clip is not processed", async () => {
    const ready = await readyMedia(services, me, sampleOf("pdf"), {
      contentType: "application/pdf",
    });
    expect(ready.processing).toBeUndefined();
    await expect(me.storage.reprocess({ key: ready.key })).rejects.toThrow(/type/);
  });
});

describe("clips", () => {
  test.each(["mp4", "webm"] as const)("facts of %s are read in ranges", async (container) => {
    const clip = await clipOf({
      container,
      seconds: 60,
      width: 1920,
      height: 1080,
      frameBytes: 40_000,
    });
    expect(clip.length).toBeGreaterThan(20_000_000);
    const { key } = await readyMedia(services, me, clip, { contentType: `video/${container}` });
    let readBytes = 0;
    const counting: Services = {
      ...services,
      // Its pictures are noise.
      workbench: { ...services.workbench, takeFrame: async () => null },
      objects: {
        ...services.objects,
        get: (bucket, name, range) => {
          readBytes += range ? range.end - range.start + 1 : clip.length;
          return services.objects.get(bucket, name, range);
        },
      },
    };
    expect(await process(key, counting)).toBe("ready");
    const media = await me.storage.getMetadata({ key });
    expect(media).toMatchObject({
      width: 1920,
      height: 1080,
      codec: expect.stringMatching(/^vp09/),
    });
    expect(media?.durationSeconds).toBeCloseTo(60, 0);
    expect(readBytes).toBeLessThan(clip.length / 20);
  });

  test("a broken one is usable and says why", async () => {
    const { key } = await readyMedia(services, me, sampleOf("mp4", 50_000), {
      contentType: "video/mp4",
    });
    expect(await process(key)).toBe("failed");
    expect((await rowOf(key)).processingError).toContain("cannot be read");
  });

  test.each([
    ["audio/midi", Buffer.from("4d546864000000060000000100604d54726b0000000400ff2f00", "hex")],
    ["audio/aiff", Buffer.from("FORM\0\0\0\x04AIFF", "latin1")],
    ["video/x-msvideo", Buffer.from("RIFF\x04\0\0\0AVI ", "latin1")],
    ["image/bmp", Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)])],
  ])("%s has no reader here, and is ready without facts", async (contentType, bytes) => {
    const { key } = await readyMedia(services, me, bytes, { contentType });
    expect(await process(key)).toBe("ready");
    const media = await me.storage.getMetadata({ key });
    expect(media?.processing).toEqual({ state: "ready" });
    expect(media?.durationSeconds ?? null).toBeNull();
  });

  test("what ends its reader fails with the reason, after three attempts at most, over all restarts", async () => {
    const { key } = await readyMedia(services, me, flacWithoutFrame(), {
      contentType: "audio/flac",
    });
    // As if the server had been killed each time.
    const dying: Services = {
      ...services,
      workbench: {
        ...services.workbench,
        readClipFacts: async () => {
          throw new ReaderDied("killed");
        },
      },
    };
    for (const _ of [1, 2, 3]) await expect(process(key, dying)).rejects.toThrow("killed");
    expect(await process(key, dying)).toBe("failed");
    expect(await me.storage.getMetadata({ key })).toMatchObject({
      status: "ready",
      processing: { state: "failed", reason: expect.stringContaining("after 3 attempts") },
    });
    await me.storage.reprocess({ key });
    const impatient = { ...services, workbench: openWorkbench({ stallSeconds: 1 }) };
    expect(await process(key, impatient)).toBe("failed");
    expect((await rowOf(key)).processingError).toContain("could not be read within 1 seconds");
    await impatient.workbench.close();
  });

  test("a recording gets its waveform, and a film without a poster one from its pictures", async () => {
    const { key } = await readyMedia(services, me, await demo("chord.m4a"), {
      contentType: "audio/mp4",
    });
    expect(await process(key)).toBe("ready");
    const { waveform = "" } = (await me.storage.getMetadata({ key })) ?? {};
    const peaks = Buffer.from(waveform, "base64");
    expect(peaks).toHaveLength(256);
    // A chord is struck, and fades.
    expect(Math.max(...peaks.subarray(0, 128))).toBeGreaterThan(150);
    expect(Math.max(...peaks.subarray(224))).toBeLessThan(20);

    const film = await readyMedia(services, me, await demo("first-notes.mp4"), {
      contentType: "video/mp4",
      visibility: "private",
    });
    expect(await process(film.key)).toBe("ready");
    const posterOf = async () =>
      services.db.media.findFirstOrThrow({ where: { posterOf: { key: film.key } } });
    const poster = await posterOf();
    expect(poster).toMatchObject({ status: "ready", visibility: "private" });
    expect(requests.at(-1)?.mediaId).toBe(poster.id);
    const shown = await me.storage.getMetadata({ key: film.key });
    expect(shown?.posterUrl).toContain(poster.key);
    expect(shown?.waveform).toBeUndefined();
    const listed = await me.storage.list();
    expect(listed.items.map((item) => item.key)).not.toContain(poster.key);

    // Once is enough, and what the browser sent later stays.
    await me.storage.reprocess({ key: film.key });
    expect(await process(film.key)).toBe("ready");
    expect((await posterOf()).key).toBe(poster.key);
  });

  test.each([
    ["tone.m4a", "video/mp4"],
    ["tone.m4a", "video/3gpp"],
    ["tone.ogg", "video/ogg"],
    ["tone.ogg", "application/ogg"],
  ])("%s has its waveform under any name of its container: %s", async (name, contentType) => {
    const { key } = await readyMedia(services, me, await sampleFile(name), { contentType });
    expect(await process(key)).toBe("ready");
    const { waveform = "", width, posterUrl } = (await me.storage.getMetadata({ key })) ?? {};
    expect(Math.max(...Buffer.from(waveform, "base64"))).toBeGreaterThan(20);
    expect([width, posterUrl]).toEqual([undefined, undefined]);
  });

  test("a poster counts where its clip does: against a tenant's quota", async () => {
    const mediaBytes = 300_000;
    const ofTenant: Services = {
      ...services,
      quota: ({ tenantId, userId }) => ({
        ...{ subject: tenantId ?? userId, filesBytes: 0, mediaBytes },
      }),
    };
    const bytes = await demo("first-notes.mp4");
    const { id: ownerId } = await createTestUser(services);
    const said = { contentType: "video/mp4", filename: "first-notes.mp4", ownerId };
    const { key } = await storeMedia(ofTenant, bytes, { ...said, tenantId: "studio" });
    expect(await process(key, ofTenant)).toBe("ready");
    const poster = await services.db.media.findFirstOrThrow({ where: { posterOf: { key } } });
    expect(poster.quotaSubject).toBe("studio");
    const { bytes: counted } = await services.db.usage.findFirstOrThrow({
      where: { userId: "studio", kind: "media" },
    });
    expect(counted).toBe(BigInt(bytes.length) + poster.reservedBytes);
    expect(await services.db.usage.findMany({ where: { userId: ownerId } })).toEqual([]);
  });

  test("a decoder that dies, and a quota that is full, cost a clip its preview alone", async () => {
    const dying: Services = {
      ...services,
      workbench: {
        ...services.workbench,
        drawWaveform: async () => {
          throw new ReaderDied("killed");
        },
      },
    };
    const { key } = await readyMedia(services, me, await demo("chord.m4a"), {
      contentType: "audio/mp4",
    });
    expect(await process(key, dying)).toBe("ready");
    const film = await readyMedia(services, me, await demo("first-notes.mp4"), {
      contentType: "video/mp4",
    });
    const full: Services = { ...services, config: { ...services.config, mediaQuotaBytes: 1 } };
    expect(await process(film.key, full)).toBe("ready");
    const media = await me.storage.getMetadata({ key: film.key });
    expect(media).toMatchObject({ durationSeconds: 9.88, processing: { state: "ready" } });
    expect(media?.posterUrl).toBeUndefined();
  });

  test("a poster belongs to its clip: listed no more, replaced and deleted with it", async () => {
    const clip = await clipOf({ container: "mp4", seconds: 1 });
    const { key } = await readyMedia(services, me, clip, { contentType: "video/mp4" });
    const posters: string[] = [];
    for (let count = 0; count < 2; count++) {
      const bytes = await imageOf({ format: "webp", width: 640, height: 360 });
      const poster = await readyMedia(services, me, bytes, { contentType: "image/webp" });
      posters.push(poster.key);
      await process(poster.key);
      const media = await me.storage.setPoster({ key, posterKey: poster.key });
      expect(media.posterUrl).toContain(poster.key);
      expect(media.variants?.length).toBe(4);
      expect(media.thumbHash).toBeDefined();
    }
    const [first = "", second = ""] = posters;
    expect(await me.storage.getMetadata({ key: first })).toBeNull();
    const listed = (await me.storage.list({ limit: 100 })).items.map((item) => item.key);
    expect(listed).toContain(key);
    expect(listed).not.toContain(second);
    const copies = await variantsOf((await rowOf(second)).id);

    await me.storage.delete({ key });
    expect(await me.storage.getMetadata({ key: second })).toBeNull();
    await emptyDeletions(jobContext(services));
    for (const gone of [key, first, second, ...copies.map((copy) => copy.key)])
      expect(await services.objects.head("media-public", gone)).toBeNull();
  });

  test("only a ready picture of one's own and of the same visibility becomes a poster", async () => {
    const clip = await clipOf({ container: "mp4", seconds: 1 });
    const { key } = await readyMedia(services, me, clip, { contentType: "video/mp4" });
    const picture = await imageOf({ format: "png" });
    const type = { contentType: "image/png" };
    const theirs = await readyMedia(services, other, picture, type);
    const hidden = await readyMedia(services, me, picture, { ...type, visibility: "private" });
    const mine = await readyMedia(services, me, picture, type);
    const pending = await me.storage.getUploadUrl({ ...type, filename: "x", sizeBytes: 9 });
    const set = (posterKey: string) => me.storage.setPoster({ key, posterKey });
    await expect(set(theirs.key)).rejects.toMatchObject({ cause: { code: "NOT_FOUND" } });
    await expect(set(hidden.key)).rejects.toMatchObject({ cause: { code: "CONFLICT" } });
    await expect(set(pending.key)).rejects.toMatchObject({ cause: { code: "CONFLICT" } });
    await expect(set(key)).rejects.toMatchObject({ cause: { code: "UNSUPPORTED_MEDIA_TYPE" } });
    await expect(me.storage.setPoster({ key: mine.key, posterKey: mine.key })).rejects.toThrow();
    await expect(other.storage.setPoster({ key, posterKey: theirs.key })).rejects.toMatchObject({
      cause: { code: "NOT_FOUND" },
    });
    await set(mine.key);
    const second = await readyMedia(services, me, clip, { contentType: "video/mp4" });
    await expect(
      me.storage.setPoster({ key: second.key, posterKey: mine.key }),
    ).rejects.toMatchObject({ cause: { code: "CONFLICT" } });
    expect(await me.storage.setPoster({ key, posterKey: null })).not.toHaveProperty("posterUrl");
  });
});

test("the sweeps know the smaller copies: theirs are kept, those of nobody go", async () => {
  const picture = await imageOf({ format: "png", width: 400 });
  const { key } = await readyMedia(services, me, picture, { contentType: "image/png" });
  await process(key);
  const [copy] = await variantsOf((await rowOf(key)).id);
  const stray = newId();
  await services.objects.put("media-public", stray, only(picture), { contentType: "image/png" });
  services.clock.advance(2 * 86_400);
  await sweepOrphans(jobContext(services));
  services.clock.advance(7 * 86_400);
  await sweepOrphans(jobContext(services));
  await emptyDeletions(jobContext(services));
  expect(await services.objects.head("media-public", stray)).toBeNull();
  expect(await services.objects.head("media-public", copy?.key ?? "")).not.toBeNull();

  await services.objects.delete("media-public", copy?.key ?? "");
  expect(await findMissingBytes(jobContext(services))).toMatchObject({ missing: 1 });
});

test("by the real SDK and the embedded runner, an upload costs at most 1.1 executions", async () => {
  const engine = composeCronServer(services, cronJobs());
  let calls = 0;
  const counted = {
    ...engine,
    handler: async (request: Request) => {
      if (request.method === "POST") calls++;
      return engine.handler(request);
    },
  };
  const pool = engine.services.pool;
  await engine.runner.start({ handler: counted.handler, pool });
  try {
    const user = await createTestUser(services);
    const caller = await callerFor(engine.services, user);
    const picture = await imageOf({ format: "png", width: 32, height: 16 });
    const uploads = 100;
    for (let from = 0; from < uploads; from += 20) {
      await Promise.all(
        Array.from({ length: 20 }, () =>
          readyMedia(services, caller, picture, { contentType: "image/png" }),
        ),
      );
    }
    const done = () => services.db.media.count({ where: { userId: user.id, processing: "ready" } });
    await expect.poll(done, { timeout: 60_000, interval: 200 }).toBe(uploads);
    expect(calls / uploads).toBeLessThanOrEqual(1.1);
    // More than one batch, so that batches are what was counted.
    expect(calls).toBeGreaterThan(2);
  } finally {
    await engine.runner.stop();
  }
}, 90_000);

test("what an engine was cut off from is taken up by the next one", async () => {
  const user = await createTestUser(services);
  let begun = 0;
  const hanging: Services = {
    ...services,
    objects: {
      ...services.objects,
      get: (...args) => {
        begun++;
        return begun > 1 ? new Promise(() => {}) : services.objects.get(...args);
      },
    },
  };
  const first = composeCronServer(hanging, cronJobs());
  await first.start();
  const caller = await callerFor({ ...services, jobs: first.services.jobs }, user);
  const picture = await imageOf({ format: "png", width: 64 });
  for (let count = 0; count < 7; count++)
    await readyMedia(services, caller, picture, { contentType: "image/png" });
  await expect.poll(() => begun, { timeout: 30_000 }).toBeGreaterThan(1);
  await first.stop();
  const done = () => services.db.media.count({ where: { userId: user.id, processing: "ready" } });
  expect(await done()).toBeLessThan(7);

  const second = composeCronServer(services, cronJobs());
  await second.start();
  try {
    await expect.poll(done, { timeout: 60_000, interval: 200 }).toBe(7);
  } finally {
    await second.stop();
  }
}, 120_000);

test("on S3, pictures and clips are processed as on disk", async () => {
  const s3 = await startS3();
  const onS3: Services = { ...services, objects: createS3ObjectStore(s3.config) };
  try {
    const caller = await callerFor(onS3, await createTestUser(services));
    const picture = await imageOf({ format: "jpeg", width: 500, height: 400 });
    const photo = await readyMedia(onS3, caller, picture, { contentType: "image/jpeg" });
    expect(await process(photo.key, onS3)).toBe("ready");
    for (const { key, sizeBytes } of await variantsOf((await rowOf(photo.key)).id)) {
      expect(await onS3.objects.head("media-public", key)).toMatchObject({ sizeBytes });
    }
    const film = await clipOf({ container: "mp4", seconds: 5, frameBytes: 20_000 });
    const clip = await readyMedia(onS3, caller, film, { contentType: "video/mp4" });
    expect(await process(clip.key, onS3)).toBe("ready");
    expect(await caller.storage.getMetadata({ key: clip.key })).toMatchObject({
      width: 640,
      durationSeconds: 5,
    });
  } finally {
    await s3.close();
  }
});

test("a breakdown counts kinds, copies and months; findings are for admins", async () => {
  const user = await createTestUser(services);
  const caller = await callerFor(services, user);
  const picture = await imageOf({ format: "png", width: 400 });
  const { key } = await readyMedia(services, caller, picture, { contentType: "image/png" });
  await process(key);
  const found = await caller.storage.breakdown();
  expect(found.kinds[0]).toEqual({ kind: "photos", count: 1, bytes: picture.length });
  expect(found.copies.count).toBe(4);
  expect(found.months).toHaveLength(12);
  expect(found.months.at(-1)?.bytes).toBe(picture.length);
  expect(found.months[0]?.bytes).toBe(0);
  await expect(caller.storage.findings()).rejects.toMatchObject({ code: "FORBIDDEN" });
  const admin = await callerFor(services, await createTestUser(services, "admin"));
  expect(await admin.storage.findings()).toMatchObject({ sweep: null, check: null });
});

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** One of the demo's clips, as cameras and recorders make them. */
function demo(name: string): Promise<Buffer> {
  return readFile(new URL(`../../../../apps/web/demo/${name}`, import.meta.url));
}
