import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createPauseControl, type Fermata, type MediaUploadState } from "@fermata/api";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isPart, type StoreLab, startStoreLab } from "./setup/store-lab";

const mebibyte = 1024 * 1024;
const bytes = randomBytes(48 * mebibyte + 17);
const inFlight = 2;
const two = { concurrency: inFlight };
const chosenAgain = (lastModified = 1000) => new File([bytes], "film.bin", { lastModified });

/** What a part takes on a line, where loopback takes nothing: what the store has is told within a quarter of a second. */
const lineMs = 400;

/** A browser that is closed after some parts: nothing of it reaches anybody afterwards. */
function mortal(lab: StoreLab, lives: { parts: number }) {
  let isDead = false;
  const sent: string[] = [];
  const session = lab.newSession({
    retry: { maxTries: 1, baseDelayMs: 1, maxDelayMs: 1 },
    async fetch(input, init) {
      if (isDead) throw new TypeError("fetch failed");
      const url = String(input);
      const sendsPart = isPart({ method: init?.method ?? "", url });
      if (sendsPart) await sleep(lineMs);
      const response = await fetch(input, init);
      if (sendsPart) {
        sent.push(new URL(url).searchParams.get("partNumber") ?? "");
        if (sent.length >= lives.parts) isDead = true;
      }
      return response;
    },
  });
  return { session, sent };
}

describe.each(["disk", "S3"] as const)("uploads that are continued, on %s", (kind) => {
  // A sixty-fourth of the file, or the least that the store takes.
  const partBytes = (kind === "disk" ? 1 : 5) * mebibyte;
  const partCount = Math.ceil(bytes.length / partBytes);
  let lab: StoreLab;
  beforeAll(async () => {
    lab = await startStoreLab(kind);
  });
  afterAll(() => lab.close());
  afterEach(async () => {
    const session = lab.newSession();
    for (const { key } of await session.media.findUnfinished()) await session.media.discard(key);
  });

  /** Counts the parts that reach the store from now on. */
  function countParts(): () => number {
    let count = 0;
    lab.proxy.plan((request) => {
      if (isPart(request)) count++;
      return null;
    });
    return () => count;
  }

  test("the same file goes on in another browser, where at most the parts in flight are sent twice", async () => {
    const { session } = mortal(lab, { parts: 5 });
    await expect(session.media.upload(chosenAgain(), two)).rejects.toMatchObject({
      code: "NETWORK",
    });
    const later = lab.newSession();
    const [unfinished, ...others] = await later.media.findUnfinished();
    expect(others).toEqual([]);
    expect(unfinished).toMatchObject({ filename: "film.bin", sizeBytes: bytes.length });
    expect(unfinished?.uploadedBytes).toBeGreaterThanOrEqual((5 - inFlight) * partBytes);

    const sent = countParts();
    const states: MediaUploadState[] = [];
    const loaded: number[] = [];
    const media = await later.media.upload(chosenAgain(), {
      ...two,
      onState: (state) => states.push(state),
      onProgress: ({ loadedBytes }) => loaded.push(loadedBytes),
    });
    expect(media.key).toBe(unfinished?.key);
    expect(sent()).toBeLessThanOrEqual(partCount - 5 + inFlight);
    const resumed = states.find((state) => state.phase === "sending")?.resumedBytes;
    // What was on its way when the first browser ended may have arrived since.
    expect(resumed).toBeGreaterThanOrEqual(unfinished?.uploadedBytes ?? 0);
    expect(loaded[0]).toBe(resumed);
    await lab.expectWhole(media, bytes);
    expect(await later.media.findUnfinished()).toEqual([]);
  });

  test("another file of the same name and size begins anew", async () => {
    const { session } = mortal(lab, { parts: 3 });
    await expect(session.media.upload(chosenAgain(), two)).rejects.toMatchObject({
      code: "NETWORK",
    });
    const later = lab.newSession();
    const [unfinished] = await later.media.findUnfinished();
    const sent = countParts();
    const media = await later.media.upload(chosenAgain(2000));
    expect(media.key).not.toBe(unfinished?.key);
    expect(sent()).toBe(partCount);
    await lab.expectWhole(media, bytes);
  });

  test("a file that changed in its midst is whole, too: its finished parts are compared", async () => {
    const { session } = mortal(lab, { parts: 5 });
    const changed = new Uint8Array(bytes);
    changed.fill(7, 2 * partBytes, 2 * partBytes + 100);
    // Somebody who sets the time back makes the two look alike.
    const before = new File([changed], "film.bin", { lastModified: 1000 });
    await expect(session.media.upload(before, two)).rejects.toMatchObject({ code: "NETWORK" });
    const media = await lab.newSession().media.upload(chosenAgain());
    await lab.expectWhole(media, bytes);
  });

  test("what is discarded is gone, and its file begins anew", async () => {
    const { session } = mortal(lab, { parts: 3 });
    await expect(session.media.upload(chosenAgain(), two)).rejects.toMatchObject({
      code: "NETWORK",
    });
    const later = lab.newSession();
    const [unfinished] = await later.media.findUnfinished();
    await later.media.discard(unfinished?.key ?? "");
    expect(await later.media.findUnfinished()).toEqual([]);
    const media = await later.media.upload(chosenAgain());
    expect(media.key).not.toBe(unfinished?.key);
  });

  test("without `resume` an upload stands alone", async () => {
    const { session } = mortal(lab, { parts: 3 });
    const upload = session.media.upload(chosenAgain(), { ...two, resume: false });
    await expect(upload).rejects.toMatchObject({ code: "NETWORK" });
    const media = await lab.newSession().media.upload(chosenAgain());
    expect((await lab.newSession().media.findUnfinished()).map(({ key }) => key)).not.toContain(
      media.key,
    );
  });

  test("one that is cancelled elsewhere ends with a conflict, and is not begun anew", async () => {
    lab.proxy.plan(() => null);
    const session = lab.newSession();
    const other = lab.newSession();
    // Held up meanwhile, or it may be through before the other one gives it up.
    const pause = createPauseControl();
    let discarded: Promise<void> | undefined;
    const upload = session.media.upload(chosenAgain(), {
      pause,
      onProgress: ({ loadedBytes }) => {
        if (loadedBytes <= 3 * partBytes || discarded) return;
        pause.pause();
        discarded = discardAll(other).finally(() => pause.resume());
      },
    });
    const error = await upload.catch((thrown) => thrown);
    await discarded;
    expect(["CONFLICT", "NOT_FOUND", "UPLOAD_EXPIRED"]).toContain(error.code);
    expect(await other.media.findUnfinished()).toEqual([]);
  });

  test("a pause sends nothing, and afterwards the upload goes on where it was", async () => {
    const pause = createPauseControl();
    let parts = 0;
    lab.proxy.plan((request) => {
      if (isPart(request) && ++parts === 4) pause.pause();
      return null;
    });
    const states: string[] = [];
    const upload = lab.newSession().media.upload(chosenAgain(), {
      ...two,
      pause,
      onState: ({ phase }) => states.push(phase),
    });
    await expect.poll(() => pause.getSnapshot()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const whilePaused = parts;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(parts).toBe(whilePaused);
    pause.resume();
    await lab.expectWhole(await upload, bytes);
    expect(parts).toBeLessThanOrEqual(partCount + inFlight);
    expect(states).toEqual(["preparing", "sending", "paused", "sending", "completing"]);
  });

  test("a paused upload can be cancelled, and leaves nothing", async () => {
    const pause = createPauseControl();
    const aborter = new AbortController();
    lab.proxy.plan((request) => {
      if (isPart(request)) pause.pause();
      return null;
    });
    const session = lab.newSession();
    const before = await session.trpc.storage.usage.query();
    const upload = session.media.upload(chosenAgain(), { pause, signal: aborter.signal });
    await expect.poll(() => pause.getSnapshot()).toBe(true);
    aborter.abort();
    await expect(upload).rejects.toMatchObject({ code: "ABORTED" });
    expect(await session.trpc.storage.usage.query()).toEqual(before);
    expect(await session.media.findUnfinished()).toEqual([]);
  });
});

describe("a photo in one PUT to S3, left by its page", () => {
  const photo = randomBytes(3 * mebibyte);
  const chosen = () => new File([photo], "photo.bin", { lastModified: 1000 });
  let lab: StoreLab;
  beforeAll(async () => {
    lab = await startStoreLab("S3");
  });
  afterAll(() => lab.close());

  /** The page goes at the PUT, before or after its bytes are through. */
  async function leave({ arrives }: { arrives: boolean }): Promise<void> {
    let isGone = false;
    const session = lab.newSession({
      retry: { maxTries: 1, baseDelayMs: 1, maxDelayMs: 1 },
      async fetch(input, init) {
        if (isGone) throw new TypeError("fetch failed");
        if (init?.method !== "PUT") return fetch(input, init);
        isGone = true;
        if (arrives) await fetch(input, init);
        throw new TypeError("fetch failed");
      },
    });
    await expect(session.media.upload(chosen())).rejects.toMatchObject({ code: "NETWORK" });
  }

  test.each([
    { arrives: false, sent: 1 },
    { arrives: true, sent: 0 },
  ])("is listed, keeps its place, and is sent $sent times more", async ({ arrives, sent }) => {
    await leave({ arrives });
    let puts = 0;
    const session = lab.newSession({
      fetch(input, init) {
        if (init?.method === "PUT") puts++;
        return fetch(input, init);
      },
    });
    const [left, ...others] = await session.media.findUnfinished();
    expect(others).toEqual([]);
    expect(left).toMatchObject({ filename: "photo.bin", sizeBytes: photo.length });
    const media = await session.media.upload(chosen());
    expect([media.key, puts]).toEqual([left?.key, sent]);
    await lab.expectWhole(media, photo);
    expect(await session.media.findUnfinished()).toEqual([]);
  });

  test("that is sent twice at once by one page is two", async () => {
    const session = lab.newSession();
    const [first, second] = await Promise.all([
      session.media.upload(chosen()),
      session.media.upload(chosen()),
    ]);
    expect(first.key).not.toBe(second.key);
  });
});

async function discardAll(session: Fermata): Promise<void> {
  for (const { key } of await session.media.findUnfinished()) await session.media.discard(key);
}
